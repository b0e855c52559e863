namespace LightningSharp.Metrics.Classification;

/// <summary>What is compared between groups.</summary>
public enum FairnessTask
{
    /// <summary>Both of the others.</summary>
    All,

    /// <summary>How often the decision is positive.</summary>
    DemographicParity,

    /// <summary>How many of the positives are found.</summary>
    EqualOpportunity,
}
