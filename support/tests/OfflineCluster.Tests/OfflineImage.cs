using SecuritySpecs.Cluster.Images;

namespace SecuritySpecs.OfflineCluster.Tests;

/// <summary>The image under test.</summary>
internal static class OfflineImage
{
    /// <summary>The image and its Debian base, built where that has not happened yet; the tests are skipped where it cannot.</summary>
    public static async Task<(string Image, string Base)> RequireAsync()
    {
        var images = await new RunImages(RunOptions.FromEnvironment(), TestContext.Progress.WriteLine).PrepareOfflineAsync();
        if (images is null)
            Assert.Ignore("Needs the offline cluster's image, which is built by root on Debian with a container engine.");
        return images!.Value;
    }
}
