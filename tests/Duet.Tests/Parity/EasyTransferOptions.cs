// The shape of an EasyTransfer BERT from a fixture's configuration.
using System.Text.Json;
using Duet.Models.Encoders;
using Duet.Models.Pretrained;
using Duet.Torch;

namespace Duet.Tests.Parity;

internal static class EasyTransferOptions
{
    /// <summary>
    /// The shape in the block <c>model</c>. EasyTransfer's layers name the tanh form of GELU themselves and never look at the
    /// configuration, whose
    /// <c>gelu</c> therefore is no erf GELU.
    /// </summary>
    /// <param name="config">The fixture's configuration.</param>
    public static BertOptions Read(JsonElement config)
    {
        var read = BertConfiguration.Read(config.Block("model"), BertOptions.Base() with { Activation = Activation.GeluTanh });
        return read.Activation == Activation.Gelu ? read with { Activation = Activation.GeluTanh } : read;
    }
}
