using LightningSharp.Native;

namespace LightningSharp.Faults;

/// <summary>One of many processes that correct the same library at once.</summary>
internal static class WrapperCases
{
    public static int CreateCopies(string original, string cache)
    {
        for (var i = 0; i < 20; i++)
        {
            var path = CorrectedWrapper.GetOrCreate(original, cache);
            byte[] bytes;
            try
            {
                bytes = File.ReadAllBytes(path);
            }
            catch (FileNotFoundException)
            {
                continue; // another of these processes has just deleted it, as below
            }

            if (bytes.Length != new FileInfo(original).Length) return 4;
            if (i % 5 == 4) File.Delete(path); // so that everybody has something to do
        }

        return 0;
    }
}
