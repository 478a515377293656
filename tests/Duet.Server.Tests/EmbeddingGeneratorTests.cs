// A model as an embedding generator of Microsoft.Extensions.AI.
using Duet.Extensions.AI;
using Duet.Inference;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Duet.Server.Tests;

[Collection(ServerCollection.Name)]
public sealed class EmbeddingGeneratorTests(TrainedRun run) : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection()
        .AddDuet(run.Folder, new ModelUseOptions { Threads = 1, BatchSize = 3 })
        .BuildServiceProvider();

    [Fact]
    public async Task Texts_pictures_and_products_have_vectors_in_one_space()
    {
        var (image, title) = run.Products[0];
        var texts = _services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();
        var pictures = _services.GetRequiredService<IEmbeddingGenerator<DataContent, Embedding<float>>>();
        var products = _services.GetRequiredService<IEmbeddingGenerator<ProductInput, Embedding<float>>>();

        var text = (await texts.GenerateAsync([title]))[0];
        var picture = (await pictures.GenerateAsync([new DataContent(await File.ReadAllBytesAsync(image), "image/png")]))[0];
        var both = (await products.GenerateAsync([ProductInput.Of(image, title)]))[0];
        text.Dimensions.ShouldBe(picture.Dimensions);
        text.Dimensions.ShouldBe(both.Dimensions);
        both.Vector.ToArray().ShouldNotBe(text.Vector.ToArray());
        text.ModelId.ShouldBe("cma-clip");
        texts.GetService(typeof(DuetModel)).ShouldBeSameAs(_services.GetRequiredService<DuetModel>());
        ((EmbeddingGeneratorMetadata)texts.GetService(typeof(EmbeddingGeneratorMetadata))!).ProviderName.ShouldBe("duet");
    }

    [Fact]
    public async Task Many_texts_come_back_in_their_order()
    {
        var generator = _services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();
        string[] titles = [.. run.Products.Select(product => product.Title).Take(8)];
        var together = await generator.GenerateAsync(titles);
        together.Usage!.InputTokenCount!.Value.ShouldBeGreaterThan(titles.Length);
        for (var i = 0; i < titles.Length; i++)
        {
            var alone = (await generator.GenerateAsync([titles[i]]))[0].Vector.ToArray();
            together[i].Vector.ToArray().Zip(alone, (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(1e-4f);
        }
    }

    [Fact]
    public async Task Other_dimensions_and_empty_texts_are_refused()
    {
        var generator = _services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();
        await Should.ThrowAsync<OptionException>(generator.GenerateAsync(["a"], new EmbeddingGenerationOptions { Dimensions = 7 }));
        await Should.ThrowAsync<ProductInputException>(generator.GenerateAsync([" "]));
        (await generator.GenerateAsync([])).Count.ShouldBe(0);
    }

    public void Dispose() => _services.Dispose();
}
