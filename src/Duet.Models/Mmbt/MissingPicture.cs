// What MMBT reads where there is no picture.
namespace Duet.Models;

/// <summary>What replaces a missing picture in MMBT.</summary>
public enum MissingPicture
{
    /// <summary>Its image tokens are hidden from attention.</summary>
    Hidden,

    /// <summary>A picture of grey value 128 is read, as in the published code (facebookresearch/mmbt, data/dataset.py).</summary>
    Grey,
}
