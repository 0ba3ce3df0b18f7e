using SecuritySpecs.NetworkAgent.Watch;

namespace SecuritySpecs.NetworkAgent.Tests.Unit;

/// <summary>What is read beside the watch never undoes what the watch has told.</summary>
[TestFixture]
internal sealed class StoreTests
{
    private int changes;

    [Test]
    public void An_object_that_the_watch_has_not_told_of_yet_counts()
    {
        var store = Filled("10");

        store.Learn("x/new", "new", "12");

        store.Items.Should().BeEquivalentTo("old", "new");
        changes.Should().Be(2);
    }

    [Test]
    public void An_object_that_the_watch_has_seen_the_end_of_does_not_come_back()
    {
        var store = Filled("10");
        store.Put("x/short", "short", "11");
        store.Remove("x/short", "13");

        store.Learn("x/short", "short", "11");

        store.Items.Should().BeEquivalentTo("old");
    }

    [Test]
    public void Where_the_watch_is_ahead_by_a_bookmark_an_older_reading_does_not_count()
    {
        var store = Filled("10");
        store.Advance("20");

        store.Learn("x/late", "late", "15");

        store.Items.Should().BeEquivalentTo("old");
    }

    [Test]
    public void A_store_is_filled_by_its_first_list()
    {
        var store = new Store<string>(() => { });
        store.Filled.IsCompleted.Should().BeFalse();

        store.Replace([], "1");

        store.Filled.IsCompleted.Should().BeTrue();
    }

    private Store<string> Filled(string version)
    {
        changes = 0;
        var store = new Store<string>(() => changes++);
        store.Replace(new Dictionary<string, string> { ["x/old"] = "old" }, version);
        return store;
    }
}
