namespace LightningSharp.Terminal;

/// <summary>How far a download is.</summary>
/// <param name="Name">The file.</param>
/// <param name="Bytes">What has arrived, earlier tries included.</param>
/// <param name="Total">All of it; null when the server does not say.</param>
/// <param name="BytesPerSecond">The pace of this try.</param>
internal readonly record struct DownloadState(string Name, long Bytes, long? Total, double BytesPerSecond);
