using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Evidence;
using SecuritySpecs.Kube;
using SecuritySpecs.Steps.Run;

namespace Steps.Tests;

[TestFixture]
public sealed class FailureKindsTests
{
    private static readonly WaitedInVainException InVain = new("30 s for the quota");

    [Test]
    public void A_wait_in_vain_is_a_verdict_where_a_verdict_is_due()
    {
        FailureKinds.Of(new InvalidOperationException("a step failed", InVain), "Then").Should().Be(FailureKind.Deadline);
        FailureKinds.Of(InVain, "When").Should().Be(FailureKind.Error);
    }

    [Test]
    public void A_request_without_an_answer_is_an_error_whatever_its_message_says() =>
        FailureKinds.Of(new TimeoutException("Waited 30 s for an answer"), "Then").Should().Be(FailureKind.Error);

    [Test]
    public void A_control_that_is_not_in_force_is_one_wherever_it_shows() =>
        FailureKinds.Of(new ControlNotInForceException("controls/gpu-quota.yaml", InVain), "Given").Should().Be(FailureKind.NotInForce);
}
