// Round trips of random tensors, and random damage that must never do more than be refused.
using Duet.Torch.Safetensors;
using FsCheck;
using FsCheck.Fluent;

namespace Duet.Torch.Tests.Safetensors;

public sealed class SafetensorsPropertyTests : IDisposable
{
    private static readonly SafetensorsType[] Types = Enum.GetValues<SafetensorsType>();

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_read_back()
    {
        Prop.ForAll(
                ArbMap.Default.GeneratorFor<int>().ToArbitrary(),
                seed =>
                {
                    var random = new Random(seed);
                    var path = _folder.File("round.safetensors");
                    var tensors = RandomTensors(random);
                    var digest = Write(path, tensors);
                    digest.ShouldBe(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path))));

                    using var file = SafetensorsFile.Open(path);
                    file.Entries.Count.ShouldBe(tensors.Count);
                    foreach (var (name, (type, shape, bytes)) in tensors)
                    {
                        var entry = file.Get(name);
                        entry.Type.ShouldBe(type);
                        entry.Shape.ShouldBe(shape);
                        file.Bytes(name).SequenceEqual(bytes).ShouldBeTrue();
                        (file.Address(name) % type.ElementSize()).ShouldBe(0, "every tensor is aligned to its element");
                    }
                }
            )
            .CheckSeeded();
    }

    [Fact]
    public void Damage_is_refused_or_harmless_but_never_a_crash()
    {
        var refused = 0;
        for (var seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            var path = _folder.File("damage.safetensors");
            Write(path, RandomTensors(random));
            var bytes = File.ReadAllBytes(path);
            for (var trial = 0; trial < 30; trial++)
            {
                File.WriteAllBytes(path, Damage(bytes, random));
                refused += OpensAndReads(path) ? 0 : 1;
            }
        }

        refused.ShouldBeGreaterThan(500);
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        var path = _folder.File("cut.safetensors");
        Write(path, RandomTensors(new Random(7)));
        var bytes = File.ReadAllBytes(path);
        for (var length = 0; length < bytes.Length; length++)
        {
            File.WriteAllBytes(path, bytes[..length]);
            OpensAndReads(path).ShouldBeFalse($"{length} of {bytes.Length} bytes");
        }
    }

    private static bool OpensAndReads(string path)
    {
        try
        {
            using var file = SafetensorsFile.Open(path);
            foreach (var entry in file.Entries)
            {
                // Touches every byte, so that an entry outside the file would be noticed.
                long sum = 0;
                foreach (var value in file.Bytes(entry.Name))
                {
                    sum += value;
                }

                sum.ShouldBeGreaterThanOrEqualTo(0);
            }

            return true;
        }
        catch (SafetensorsException)
        {
            return false;
        }
    }

    private static byte[] Damage(byte[] bytes, Random random)
    {
        var copy = bytes.ToArray();
        var headerEnd = 8 + BitConverter.ToInt32(bytes);
        for (var flips = random.Next(1, 4); flips > 0; flips--)
        {
            copy[random.Next(headerEnd)] ^= (byte)(1 << random.Next(8));
        }

        return random.Next(4) switch
        {
            0 => copy[..random.Next(copy.Length)],
            1 => [.. copy, .. new byte[random.Next(1, 9)]],
            _ => copy,
        };
    }

    private static string Write(string path, Dictionary<string, (SafetensorsType Type, long[] Shape, byte[] Bytes)> tensors)
    {
        var writer = new SafetensorsWriter().AddMetadata("a key", "ein Wert \u00fc \"\\\n");
        foreach (var (name, (type, shape, bytes)) in tensors)
        {
            writer.Add(name, type, shape, bytes);
        }

        return writer.Write(path);
    }

    private static Dictionary<string, (SafetensorsType Type, long[] Shape, byte[] Bytes)> RandomTensors(Random random)
    {
        var tensors = new Dictionary<string, (SafetensorsType Type, long[] Shape, byte[] Bytes)>(StringComparer.Ordinal);
        for (var count = random.Next(0, 8); count > 0; count--)
        {
            var type = Types[random.Next(Types.Length)];
            var shape = Enumerable.Range(0, random.Next(0, 4)).Select(_ => (long)random.Next(0, 5)).ToArray();
            var bytes = new byte[shape.Aggregate(type.ElementSize(), (product, size) => product * (int)size)];
            random.NextBytes(bytes);
            tensors[$"layer.{random.Next(100)}.\u00e4\"\\ \t{count}"] = (type, shape, bytes);
        }

        return tensors;
    }
}
