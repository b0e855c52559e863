#!/usr/bin/env bash
# Proves that the package works the way users get it: packed, restored from a folder, published in every form, and without its native half.
# Slow (minutes), hence not part of the ordinary tests. Needs about 3 GB in a temporary folder; the native package is linked, not copied, where folder and package cache share a disk. Usage: tests/packaging/run.sh [case ...]
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
version=0.0.1-packaging.$$
torch=2.10.0
passed=0
failed=0

case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) rid=linux-x64 ;;
  Darwin-arm64) rid=osx-arm64 ;;
  *) echo "no native package for this system"; exit 1 ;;
esac

check() { # name, expected text, file
  if grep -qF -- "$2" "$3"; then
    passed=$((passed + 1)); echo "passed  $1"
  else
    failed=$((failed + 1)); echo "FAILED  $1: expected '$2' in:"; sed 's/^/        /' "$3" | head -40
  fi
}

wanted() { local name=$1; shift; [ $# -eq 0 ] && return 0; for w in "$@"; do [ "$w" = "$name" ] && return 0; done; return 1; }

project() { # folder, extra properties, extra references, which package of ours; Program.cs calls TorchSharp before anything of ours
  mkdir -p "$1"
  cat > "$1/app.csproj" <<EOF
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <NoWarn>NU1603;NU1608;IL2104;IL3053</NoWarn>
    <CreateHardLinksForCopyLocalIfPossible>true</CreateHardLinksForCopyLocalIfPossible>
    <CreateHardLinksForPublishFilesIfPossible>true</CreateHardLinksForPublishFilesIfPossible>
    $2
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="${4:-LightningSharp}" Version="$version" />
    $3
  </ItemGroup>
</Project>
EOF
  cat > "$1/Program.cs" <<'EOF'
using TorchSharp;
using static TorchSharp.torch;

var net = new Net();
Console.WriteLine($"sum {ones(2, 3).sum().item<float>()} parameters {net.parameters().Count()} keys {string.Join(',', net.state_dict().Keys)} ours {typeof(LightningSharp.LightningException).Name}");

internal sealed class Net : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> fc = nn.Linear(3, 1);

    public Net() : base(nameof(Net)) => RegisterComponents();

    public override Tensor forward(Tensor x) => fc.call(x);
}
EOF
}

lightning() { # folder; the program from standard input, with a module whose hyper-parameters only the generator can keep
  { cat; cat <<'EOF'

internal sealed partial class Net(int width, string note, double rate = 0.1) : LightningModule<(Tensor X, Tensor Y)>
{
    private readonly nn.Module<Tensor, Tensor> fc = nn.Linear(3, width);

    public override Tensor forward(Tensor x) => fc.call(x);

    public override Tensor TrainingStep((Tensor X, Tensor Y) batch, int batchIndex) => call(batch.X).sum();

    public override OptimizerSetup ConfigureOptimizers() => optim.SGD(parameters().ToArray(), rate);
}
EOF
  } > "$1/Program.cs"
}

pack() { # project
  dotnet pack "$1" -c Release -o "$work/feed" -p:Version=$version "${readme[@]}" -v q --nologo -nodeReuse:false > "$work/pack.log" 2>&1 || cat "$work/pack.log"
}

nuspec() { unzip -p "$work/feed/$1.$version.nupkg" "$1.nuspec" 2>> "$work/pack.log" || cat "$work/pack.log"; }

complete() { # a package whose nuspec lies in $work/nuspec
  local text unpacked="$work/unpacked/$1"
  for text in '<license type="expression">MIT</license>' '<readme>README.md</readme>' '<description>' '<tags>' 'targetFramework="net10.0"'; do
    check "$1 says $text" "$text" "$work/nuspec"
  done
  mkdir -p "$unpacked"
  unzip -qo "$work/feed/$1.$version.nupkg" -d "$unpacked"
  unzip -qo "$work/feed/$1.$version.snupkg" -d "$unpacked" 2> "$work/symbols" || true
  find "$unpacked" -name README.md -size +0 -o -name "$1.xml" -o -name "$1.pdb" -o -name "$1.dll" | sed 's#.*/##' | sort | tr '\n' ' ' > "$work/parts"
  check "$1 has its library, symbols, documentation and README" "$1.dll $1.pdb $1.xml README.md" "$work/parts"
  grep -rlaF -e "$root" -e "$HOME/" "$unpacked" | sed 's#.*/##' > "$work/paths" || true
  echo "none" >> "$work/paths"
  [ "$(wc -l < "$work/paths")" -eq 1 ] && echo clean > "$work/clean" || cp "$work/paths" "$work/clean"
  check "$1 names no folder of this machine" "clean" "$work/clean"
}

good="sum 6 parameters 2 keys fc.weight,fc.bias ours LightningException"
native="<PackageReference Include=\"libtorch-cpu-$rid\" Version=\"$torch\" />"

# A folder as package source, a cache for our package alone: neither the user's configuration nor his cache keeps a trace of this.
mkdir -p "$work/feed"
readme=()
[ -s "$root/README.md" ] || readme=(-p:PackageReadmeFile=)
dotnet pack "$root/src/LightningSharp" -c Release -o "$work/feed" -p:Version=$version "${readme[@]}" -v q --nologo > "$work/pack.log" 2>&1 || { cat "$work/pack.log"; exit 1; }
unzip -l "$work/feed/LightningSharp.$version.nupkg" > "$work/content.log"
check "the package brings its build file to direct users" "build/LightningSharp.targets" "$work/content.log"
check "the package brings its build file to users of users" "buildTransitive/LightningSharp.targets" "$work/content.log"
export RestoreAdditionalProjectSources="$work/feed"
export NUGET_PACKAGES="${NUGET_PACKAGES:-$HOME/.nuget/packages}"
trap 'rm -rf "$work" "$NUGET_PACKAGES/lightningsharp/$version"' EXIT

# A fresh cache for the wrapper: the first load of a machine.
export LIGHTNINGSHARP_CACHE="$work/cache"

if wanted reference "$@"; then
  project "$work/reference" "" "$native"
  dotnet run --project "$work/reference" > "$work/out" 2>&1 || true
  check "dotnet run with only package references" "$good" "$work/out"
fi

if wanted generator "$@"; then
  unzip -l "$work/feed/LightningSharp.$version.nupkg" > "$work/content.log"
  check "the package brings the generator to the compiler" "analyzers/dotnet/cs/LightningSharp.Analyzers.dll" "$work/content.log"
  project "$work/generator" "" "$native"
  lightning "$work/generator" <<'EOF'
using LightningSharp;
using TorchSharp;
using static TorchSharp.torch;

using var net = new Net(8, note: "used nowhere");
Console.WriteLine($"kept {string.Join(',', net.HyperParameters.Keys)} = {string.Join(',', net.HyperParameters.Values)}");
EOF
  dotnet run --project "$work/generator" > "$work/out" 2>&1 || true
  check "a project that references the package gets the hyper-parameter generator" "kept width,note,rate = 8,used nowhere,0.1" "$work/out"
fi

if wanted packages "$@"; then
  for project in "$root"/src/*/*.csproj; do
    name=$(basename "$project" .csproj)
    [ "$name" = LightningSharp ] || [ "$name" = LightningSharp.Analyzers ] && continue
    pack "$project"
    nuspec "$name" > "$work/nuspec"
    check "$name is packed, and needs LightningSharp of the same version with its analyzers and build files" "id=\"LightningSharp\" version=\"$version\" include=\"All\" />" "$work/nuspec"
    complete "$name"
  done
  nuspec LightningSharp > "$work/nuspec"
  complete LightningSharp
fi

if wanted alone "$@"; then
  [ -e "$work/feed/LightningSharp.Metrics.$version.nupkg" ] || pack "$root/src/LightningSharp.Metrics/LightningSharp.Metrics.csproj"
  project "$work/alone" "" "$native" LightningSharp.Metrics
  lightning "$work/alone" <<'EOF'
using LightningSharp;
using LightningSharp.Metrics.Classification;
using TorchSharp;
using static TorchSharp.torch;

using var accuracy = new BinaryAccuracy();
accuracy.Update(tensor(new[] { 0.9f, 0.2f, 0.8f, 0.4f }), tensor(new long[] { 1, 0, 0, 0 }));
using var net = new Net(8, note: "used nowhere");
Console.WriteLine($"accuracy {accuracy.Compute().item<float>()} kept {string.Join(',', net.HyperParameters.Keys)} started {typeof(Net).Assembly.GetType("LightningSharp.Generated.Bootstrap") is not null}");
EOF
  dotnet run --project "$work/alone" > "$work/out" 2>&1 || true
  check "a project that references the metrics alone gets what the core brings: start-up, build file, generator" "accuracy 0.75 kept width,note,rate started True" "$work/out"
fi

if wanted deterministic "$@"; then
  if [ -n "$(git -C "$root" status --porcelain -- src 2>&1)" ]; then
    echo "skipped the comparison of two builds: src has changes that are not committed"
  else
    git clone -q "$root" "$work/elsewhere"
    dotnet pack "$work/elsewhere/src/LightningSharp" -c Release -o "$work/again" -p:Version=$version "${readme[@]}" -v q --nologo -nodeReuse:false > "$work/pack.log" 2>&1 || cat "$work/pack.log"
    for part in "nupkg lib/net10.0/LightningSharp.dll" "nupkg analyzers/dotnet/cs/LightningSharp.Analyzers.dll" "snupkg lib/net10.0/LightningSharp.pdb"; do
      read -r kind file <<< "$part"
      unzip -p "$work/feed/LightningSharp.$version.$kind" "$file" | sha256sum > "$work/one"
      unzip -p "$work/again/LightningSharp.$version.$kind" "$file" | sha256sum > "$work/two"
      check "another folder builds the same $file, byte for byte" "$(cat "$work/one")" "$work/two"
    done
    rm -rf "$work/elsewhere"
  fi
fi

if wanted transitive "$@"; then
  project "$work/library" "<OutputType>Library</OutputType>" ""
  rm "$work/library/Program.cs"
  mkdir -p "$work/transitive"
  cp "$work/reference/Program.cs" "$work/transitive/" 2>/dev/null || project "$work/transitive" "" ""
  cat > "$work/transitive/app.csproj" <<EOF
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><NoWarn>NU1603;NU1608</NoWarn></PropertyGroup>
  <ItemGroup><ProjectReference Include="../library/app.csproj" />$native</ItemGroup>
</Project>
EOF
  sed -i 's#<OutputType>Library#<AssemblyName>library</AssemblyName><OutputType>Library#' "$work/library/app.csproj"
  dotnet run --project "$work/transitive" > "$work/out" 2>&1 || true
  check "dotnet run through a library that references the package" "$good" "$work/out"
fi

if wanted publish "$@"; then
  project "$work/publish" "" "$native"
  dotnet publish "$work/publish" -c Release -o "$work/publish/out" -v q --nologo > "$work/log" 2>&1 || cat "$work/log"
  (cd / && "$work/publish/out/app") > "$work/out" 2>&1 || true
  check "dotnet publish, framework-dependent" "$good" "$work/out"
  rm -rf "$work/publish"
fi

if wanted self-contained "$@"; then
  project "$work/self" "<RuntimeIdentifier>$rid</RuntimeIdentifier><SelfContained>true</SelfContained>" "$native"
  dotnet publish "$work/self" -c Release -o "$work/self/out" -v q --nologo > "$work/log" 2>&1 || cat "$work/log"
  (cd / && "$work/self/out/app") > "$work/out" 2>&1 || true
  check "dotnet publish, self-contained" "$good" "$work/out"
  rm -rf "$work/self"
fi

if wanted single-file "$@"; then
  project "$work/single" "<RuntimeIdentifier>$rid</RuntimeIdentifier><SelfContained>true</SelfContained><PublishSingleFile>true</PublishSingleFile>" "$native"
  dotnet publish "$work/single" -c Release -o "$work/single/out" -v q --nologo > "$work/log" 2>&1 || cat "$work/log"
  (cd / && "$work/single/out/app") > "$work/out" 2>&1 || true
  check "dotnet publish, single file" "$good" "$work/out"
  dotnet publish "$work/single" -c Release -o "$work/single/all" -p:IncludeNativeLibrariesForSelfExtract=true -v q --nologo > "$work/log" 2>&1 || cat "$work/log"
  (cd / && DOTNET_BUNDLE_EXTRACT_BASE_DIR="$work/extract" "$work/single/all/app") > "$work/out" 2>&1 || true
  check "dotnet publish, single file with the native libraries inside" "$good" "$work/out"
  rm -rf "$work/single" "$work/extract"
fi

if wanted file-based "$@"; then
  project "$work/file" "" ""
  rm "$work/file/app.csproj"
  { echo "#:package LightningSharp@$version"; echo "#:package libtorch-cpu-$rid@$torch"; echo "#:property NoWarn=NU1603;NU1608"; cat "$work/file/Program.cs"; } > "$work/file/app.cs"
  rm "$work/file/Program.cs"
  (cd "$work/file" && dotnet run app.cs) > "$work/out" 2>&1 || true
  check "dotnet run app.cs with #:package" "$good" "$work/out"
  # Inside the repository a property stands for the package's build file.
  inside="$root/artifacts/packaging-$$"
  mkdir -p "$inside"
  { echo "#:project ../../src/LightningSharp/LightningSharp.csproj"; echo "#:property UsesLibTorch=true"; echo "#:property NoWarn=NU1603;NU1608"; grep -v '^#:' "$work/file/app.cs"; } > "$inside/app.cs"
  (cd "$inside" && env -u RestoreAdditionalProjectSources dotnet run app.cs) > "$work/out" 2>&1 || true
  check "dotnet run app.cs with #:project, inside the repository" "$good" "$work/out"
  dotnet clean "$inside/app.cs" > /dev/null 2>&1 || true
  rm -rf "$inside"
  dotnet clean "$work/file/app.cs" > /dev/null 2>&1 || true
fi

if wanted no-package "$@"; then
  project "$work/bare" "" ""
  dotnet build "$work/bare" -v q --nologo > "$work/log" 2>&1 || cat "$work/log"
  "$work/bare/bin/Debug/net10.0/app" > "$work/out" 2>&1 || true
  check "without a native package the cause is named" "the application has no native package" "$work/out"
  check "without a native package the one command is named" "dotnet add package libtorch-cpu-$rid --version $torch" "$work/out"
  grep -c "Trying to load native component" "$work/out" > "$work/trace" || true
  check "without a native package TorchSharp's trace stays away" "0" "$work/trace"
  [ -d "$work/bare/bin/Debug/net10.0/cpu" ] && echo copied > "$work/copied" || echo clean > "$work/copied"
  check "without a native package nothing is copied beside the application" "clean" "$work/copied"
fi

if wanted incomplete "$@"; then
  project "$work/incomplete" "" "$native"
  dotnet publish "$work/incomplete" -c Release -o "$work/incomplete/out" -v q --nologo > "$work/log" 2>&1 || cat "$work/log"
  find "$work/incomplete/out" -name '*torch_cpu*' -delete
  "$work/incomplete/out/app" > "$work/out" 2>&1 || true
  check "with torch_cpu missing from the application the cause is named" "has no native package (libtorch_cpu" "$work/out"
  grep -c "Trying to load native component" "$work/out" > "$work/trace" || true
  check "with torch_cpu missing TorchSharp's trace stays away" "0" "$work/trace"
  rm -rf "$work/incomplete"
fi

if wanted aot "$@"; then
  compiler=$(command -v clang || command -v gcc || true)
  if [ -n "$compiler" ]; then
    project "$work/aot" "<RuntimeIdentifier>$rid</RuntimeIdentifier><PublishAot>true</PublishAot><CppCompilerAndLinker>$(basename "$compiler")</CppCompilerAndLinker><InvariantGlobalization>true</InvariantGlobalization>" "$native"
    dotnet publish "$work/aot" -c Release -o "$work/aot/out" -v q --nologo > "$work/log" 2>&1 || tail -20 "$work/log"
    (cd / && "$work/aot/out/app") > "$work/out" 2>&1 || true
    check "dotnet publish, native AOT keeps the parameters" "$good" "$work/out"
  else
    echo "skipped native AOT: neither clang nor gcc is installed"
  fi
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
