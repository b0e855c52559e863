namespace LightningSharp.Checkpointing.Pickling;

/// <summary>The allow-list: names that stand for plain data. Nothing is ever looked up by name in the running program.</summary>
internal static class KnownGlobals
{
    private static readonly Dictionary<(string, string), GlobalKind> Table = MakeTable();

    // Names from here appear in files only to run something. They are refused wherever they stand; other unknown names may stay as inert text among hyper-parameters.
    private static readonly HashSet<string> RunningModules = new(StringComparer.Ordinal)
    {
        "__builtin__", "builtins", "os", "posix", "nt", "posixpath", "ntpath", "sys", "subprocess", "commands", "popen2", "pty", "shutil", "socket", "ssl", "http", "urllib", "urllib2",
        "httplib", "ftplib", "smtplib", "telnetlib", "poplib", "imaplib", "nntplib", "xmlrpc", "webbrowser", "importlib", "imp", "runpy", "pkgutil", "pydoc", "code", "codeop", "codecs", "_codecs",
        "pickle", "_pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve", "ctypes", "_ctypes", "cffi", "multiprocessing", "threading", "_thread", "thread", "asyncio",
        "concurrent", "signal", "atexit", "gc", "inspect", "types", "operator", "_operator", "timeit", "profile", "cProfile", "pdb", "bdb", "trace", "doctest", "unittest", "pytest",
        "tempfile", "glob", "fileinput", "io", "_io", "linecache", "zipfile", "zipimport", "tarfile", "platform", "site", "sysconfig", "distutils", "setuptools", "pip", "ensurepip", "venv",
        "idlelib", "lib2to3", "turtle", "tkinter", "sqlite3", "dbm", "mmap", "resource", "fcntl", "pwd", "grp", "crypt", "getpass", "cgi", "wsgiref", "socketserver",
        "xml", "yaml", "getopt", "optparse", "typing_extensions", "requests", "aiohttp", "paramiko", "pexpect", "sh", "fabric", "IPython", "ipykernel", "antigravity",
    };

    private static readonly string[] DataNamespacesOfTorch = ["torch.nn.", "torch.optim.", "torch.distributions.", "torch._C._nn."];

    public static GlobalNode Find(string module, string name) => new(module, name, Table.GetValueOrDefault((module, name)));

    /// <summary>Whether a name that is not on the list is one that runs, loads or reaches out, so that the whole file is refused.</summary>
    public static bool Runs(string module, string name)
    {
        var top = module.Split('.', 2)[0];
        if (RunningModules.Contains(top)) return true;
        if (name.Contains('.', StringComparison.Ordinal)) return true;
        if (top is not "torch") return false;
        return !DataNamespacesOfTorch.Any(prefix => $"{module}.".StartsWith(prefix, StringComparison.Ordinal));
    }

    /// <summary>Names that torch itself writes for tensors which this library cannot hold.</summary>
    public static bool IsForeignTensor(string module, string name) => module switch
    {
        "torch" => name.EndsWith("Storage", StringComparison.Ordinal) && name.All(char.IsAsciiLetterOrDigit),
        "torch._utils" => name is "_rebuild_qtensor" or "_rebuild_sparse_tensor" or "_rebuild_nested_tensor" or "_rebuild_meta_tensor_no_storage" or "_rebuild_wrapper_subclass" or "_rebuild_device_tensor_from_numpy" or "_rebuild_device_tensor_from_cpu_tensor",
        _ => false,
    };

    private static Dictionary<(string, string), GlobalKind> MakeTable()
    {
        var table = new Dictionary<(string, string), GlobalKind>
        {
            [("collections", "OrderedDict")] = GlobalKind.OrderedDict,
            [("collections", "Counter")] = GlobalKind.Counter,
            [("collections", "defaultdict")] = GlobalKind.DefaultDict,
            [("torch._utils", "_rebuild_tensor_v2")] = GlobalKind.RebuildTensorV2,
            [("torch._utils", "_rebuild_tensor_v3")] = GlobalKind.RebuildTensorV3,
            [("torch._utils", "_rebuild_parameter")] = GlobalKind.RebuildParameter,
            [("torch._utils", "_rebuild_parameter_with_state")] = GlobalKind.RebuildParameterWithState,
            [("torch._tensor", "_rebuild_from_type_v2")] = GlobalKind.RebuildFromType,
            [("torch.storage", "UntypedStorage")] = GlobalKind.UntypedStorage,
            [("torch", "Tensor")] = GlobalKind.TensorClass,
            [("torch.nn.parameter", "Parameter")] = GlobalKind.TensorClass,
            [("torch", "Size")] = GlobalKind.Size,
            [("torch", "device")] = GlobalKind.Device,
            [("_codecs", "encode")] = GlobalKind.Encode,
            [("datetime", "timedelta")] = GlobalKind.TimeSpan,
            [("datetime", "datetime")] = GlobalKind.DateTime,
            [("argparse", "Namespace")] = GlobalKind.Namespace,
            [("types", "SimpleNamespace")] = GlobalKind.Namespace,
            [("lightning_fabric.utilities.data", "AttributeDict")] = GlobalKind.Namespace,
            [("lightning.fabric.utilities.data", "AttributeDict")] = GlobalKind.Namespace,
            [("pytorch_lightning.utilities.parsing", "AttributeDict")] = GlobalKind.Namespace,
            [("lightning.pytorch.utilities.parsing", "AttributeDict")] = GlobalKind.Namespace,
            [("numpy.core.multiarray", "scalar")] = GlobalKind.NumpyScalar,
            [("numpy._core.multiarray", "scalar")] = GlobalKind.NumpyScalar,
            [("numpy", "dtype")] = GlobalKind.NumpyDType,
        };
        foreach (var name in (string[])["PosixPath", "WindowsPath", "PurePosixPath", "PureWindowsPath", "Path", "PurePath"])
        {
            table[("pathlib", name)] = GlobalKind.Path;
            table[("pathlib._local", name)] = GlobalKind.Path;
        }

        foreach (var module in (string[])["__builtin__", "builtins"]) AddBuiltins(table, module);
        AddTypes(table);
        return table;
    }

    private static void AddBuiltins(Dictionary<(string, string), GlobalKind> table, string module)
    {
        table[(module, "set")] = GlobalKind.Set;
        table[(module, "frozenset")] = GlobalKind.Set;
        table[(module, "dict")] = GlobalKind.Dict;
        table[(module, "list")] = GlobalKind.List;
        table[(module, "bytes")] = GlobalKind.Bytes;
        table[(module, "bytearray")] = GlobalKind.ByteArray;
        table[(module, "complex")] = GlobalKind.Complex;
        table[(module, "xrange")] = GlobalKind.Range;
        table[(module, "range")] = GlobalKind.Range;
        table[(module, "slice")] = GlobalKind.Range;
        foreach (var name in (string[])["int", "long", "float", "str", "unicode", "bool", "tuple", "object"]) table[(module, name)] = GlobalKind.TypeName;
    }

    private static void AddTypes(Dictionary<(string, string), GlobalKind> table)
    {
        foreach (var type in Enum.GetValues<TorchSharp.torch.ScalarType>())
        {
            if (TensorType.Of(type) is not { } known) continue;
            table[("torch", known.StorageName)] = GlobalKind.Storage;
            table[("torch", known.Name)] = GlobalKind.DType;
        }

        foreach (var name in (string[])["float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz", "uint16", "uint32", "uint64"]) table[("torch", name)] = GlobalKind.DType;
    }
}
