using CPChain.Contracts.Tests.World;
using CPChain.Types;
using static CPChain.Contracts.Tests.World.EconomyWorld;

namespace CPChain.Contracts.Tests.Governing;

/// <summary>Parameters: D3, DPR-37, W9, W22.</summary>
public sealed class ParametersTests
{
    [Fact]
    public void D3_every_parameter_has_its_slot_and_what_elections_go_by_nobody_changes()
    {
        using EconomyWorld world = new();
        Assert.Equal(Parameter.Count, Parameter.Defaults.Count);
        foreach ((int id, UInt256 value) in Parameter.Defaults) Assert.Equal(value, world.Uint(Sys.Parameters, "valueOf", id));
        Assert.Equal($"NoSuchParameter({Parameter.Count})", world.Peek(Actor(1), Sys.Parameters, "valueOf", Parameter.Count));
        Assert.Equal($"NoSuchParameter({Parameter.Count})", world.Send(Sys.Governance.Address, Sys.Parameters, "change", Parameter.Count, 1UL).Reason);
        for (int id = Parameter.TermBlocks; id <= Parameter.ReporterPermille; id++)
            Assert.Equal($"FixedByGenesis({id})", world.Send(Sys.Governance.Address, Sys.Parameters, "change", id, 1UL).Reason);
    }

    [Fact]
    public void D3_bounds_hold_for_every_parameter_that_governance_may_change()
    {
        using EconomyWorld world = new();
        for (int id = Parameter.JoiningOpen; id < Parameter.Count; id++)
        {
            object[] range = world.View(Sys.Parameters, "rangeOf", id);
            (UInt256 least, UInt256 most) = ((UInt256)range[0], (UInt256)range[1]);
            UInt256 value = world.Uint(Sys.Parameters, "valueOf", id);
            Assert.True(least <= value && value <= most && least < most, $"parameter {id}");
            Assert.Equal($"OutOfRange({id}, {least}, {most})", world.Send(Sys.Governance.Address, Sys.Parameters, "change", id, most + UInt256.One).Reason);
            if (!least.IsZero)
                Assert.Equal($"OutOfRange({id}, {least}, {most})", world.Send(Sys.Governance.Address, Sys.Parameters, "change", id, least - UInt256.One).Reason);
            Assert.Equal("OnlyGovernance()", world.Send(Bank, Sys.Parameters, "change", id, least).Reason);
            Assert.Equal(value, world.Uint(Sys.Parameters, "valueOf", id));
        }
    }

    [Fact]
    public void Campaign_20_9_a_supported_version_rises_by_one_at_a_time()
    {
        using EconomyWorld world = new();
        foreach (int id in new[] { Parameter.RNodeVersion, Parameter.CampaignVersion })
        {
            foreach (ulong wrong in new[] { 1UL, 3UL })
                Assert.Equal("VersionRisesByOne(1)", world.Send(Sys.Governance.Address, Sys.Parameters, "change", id, wrong).Reason);
            Done changed = world.Send(Sys.Governance.Address, Sys.Parameters, "change", id, 2UL);
            Assert.Equal(UInt256.One, changed.Event("ParameterChanged").Value<UInt256>("before"));
            Assert.Equal("VersionRisesByOne(2)", world.Send(Sys.Governance.Address, Sys.Parameters, "change", id, 1UL).Reason);
        }
    }
}
