namespace SecuritySpecs.Cluster;

/// <summary>A file that one process at a time holds; however that process ends, it holds the file no longer.</summary>
internal static class FileLock
{
    /// <summary>Takes the file, which is made where it is not there.</summary>
    /// <returns>Null while another process holds it.</returns>
    public static FileStream? TryTake(string path)
    {
        try
        {
            return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }
}
