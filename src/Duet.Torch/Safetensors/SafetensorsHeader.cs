// Reads and validates a header: what is in it may come from anybody.
using System.Text.Json;

namespace Duet.Torch.Safetensors;

/// <summary>The parsed header of a file. Layout rules are those of the format's own description (huggingface/safetensors,
/// README).</summary>
internal sealed class SafetensorsHeader
{
    /// <summary>The bytes before the header that hold its length.</summary>
    public const int PrefixLength = 8;

    /// <summary>The format's own limit on a header, 100 MB.</summary>
    public const long MaximumLength = 100_000_000;

    /// <summary>The key that holds free text instead of a tensor.</summary>
    public const string MetadataKey = "__metadata__";

    /// <summary>More sizes than any tensor engine handles; keeps a hostile shape from growing without bound.</summary>
    public const int MaximumRank = 64;

    private readonly string _path;
    private readonly Dictionary<string, SafetensorsEntry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private bool _metadataSeen;

    private SafetensorsHeader(string path) => _path = path;

    public IReadOnlyDictionary<string, SafetensorsEntry> Entries => _entries;

    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <summary>Parses the JSON and checks that the entries cover the data exactly.</summary>
    /// <param name="path">For messages.</param>
    /// <param name="json">The header's bytes, trailing spaces included.</param>
    /// <param name="dataLength">The number of bytes after the header.</param>
    public static SafetensorsHeader Parse(string path, ReadOnlySpan<byte> json, long dataLength)
    {
        if (json.Length == 0 || json[0] != (byte)'{')
        {
            throw new SafetensorsException(path, null, "the header must begin with '{'; this is not a safetensors file, or it is damaged.");
        }

        var header = new SafetensorsHeader(path);
        try
        {
            header.ReadRoot(json);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            // InvalidOperationException: text that is not valid UTF-8 or has a lone surrogate.
            throw new SafetensorsException(path, null, $"the header is not valid JSON of the safetensors kind: {error.Message}", error);
        }

        header.CheckCoverage(dataLength);
        return header;
    }

    private void ReadRoot(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 16 });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (string.Equals(name, MetadataKey, StringComparison.Ordinal))
            {
                ReadMetadata(ref reader);
            }
            else if (!_entries.TryAdd(name, ReadEntry(ref reader, name)))
            {
                throw new SafetensorsException(_path, name, "the header names it twice.");
            }
        }

        // Reads to the end, so that anything but white space after the object is an error.
        while (reader.Read()) { }
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        if (_metadataSeen)
        {
            throw new SafetensorsException(_path, null, $"the header holds '{MetadataKey}' twice.");
        }

        _metadataSeen = true;
        Expect(reader.TokenType, JsonTokenType.StartObject, null, $"'{MetadataKey}' must be an object of texts");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            Expect(reader.TokenType, JsonTokenType.String, null, $"'{MetadataKey}' may hold texts only");
            if (!_metadata.TryAdd(key, reader.GetString()!))
            {
                throw new SafetensorsException(_path, null, $"'{MetadataKey}' holds the key '{SafetensorsException.Shorten(key)}' twice.");
            }
        }
    }

    private SafetensorsEntry ReadEntry(ref Utf8JsonReader reader, string name)
    {
        SafetensorsType? type = null;
        long[]? shape = null;
        long[]? offsets = null;
        Expect(reader.TokenType, JsonTokenType.StartObject, name, "its description must be an object with dtype, shape and data_offsets");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            switch (key)
            {
                case "dtype" when type is null:
                    type = ReadType(ref reader, name);
                    break;
                case "shape" when shape is null:
                    shape = ReadNumbers(ref reader, name, key);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadNumbers(ref reader, name, key);
                    break;
                case "dtype" or "shape" or "data_offsets":
                    throw new SafetensorsException(_path, name, $"'{key}' occurs twice.");
                default:
                    throw new SafetensorsException(
                        _path,
                        name,
                        $"unknown field '{SafetensorsException.Shorten(key)}'; expected dtype, shape, data_offsets."
                    );
            }
        }

        if (type is null || shape is null || offsets is null)
        {
            var missing =
                type is null ? "dtype"
                : shape is null ? "shape"
                : "data_offsets";
            throw new SafetensorsException(_path, name, $"'{missing}' is missing.");
        }

        return Entry(name, type.Value, shape, offsets);
    }

    private SafetensorsType ReadType(ref Utf8JsonReader reader, string name)
    {
        Expect(reader.TokenType, JsonTokenType.String, name, "'dtype' must be a text");
        var text = reader.GetString()!;
        return SafetensorsTypes.TryParse(text, out var type)
            ? type
            : throw new SafetensorsException(
                _path,
                name,
                $"unknown dtype '{SafetensorsException.Shorten(text)}'; known are {SafetensorsTypes.AllNames}."
            );
    }

    private long[] ReadNumbers(ref Utf8JsonReader reader, string name, string key)
    {
        Expect(reader.TokenType, JsonTokenType.StartArray, name, $"'{key}' must be a list of whole numbers");
        var numbers = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var number) || number < 0)
            {
                throw new SafetensorsException(_path, name, $"'{key}' must hold whole numbers from 0 to {long.MaxValue}.");
            }

            numbers.Add(number);
            if (numbers.Count > MaximumRank)
            {
                throw new SafetensorsException(_path, name, $"'{key}' holds more than {MaximumRank} numbers.");
            }
        }

        return [.. numbers];
    }

    private SafetensorsEntry Entry(string name, SafetensorsType type, long[] shape, long[] offsets)
    {
        if (offsets.Length != 2 || offsets[1] < offsets[0])
        {
            throw new SafetensorsException(
                _path,
                name,
                $"'data_offsets' must be [begin, end] with begin <= end, not [{string.Join(", ", offsets)}]."
            );
        }

        var length = offsets[1] - offsets[0];
        if (!TryByteLength(type, shape, out var expected))
        {
            throw new SafetensorsException(
                _path,
                name,
                $"the shape [{string.Join(", ", shape)}] has more elements than any file can hold."
            );
        }

        if (length != expected)
        {
            throw new SafetensorsException(
                _path,
                name,
                $"{type.HeaderName()} [{string.Join(", ", shape)}] takes {expected} bytes, but data_offsets give it {length}."
            );
        }

        return new SafetensorsEntry(name, type, shape, offsets[0], length);
    }

    /// <summary>The bytes a dense tensor takes; false where the number does not fit 64 bits.</summary>
    public static bool TryByteLength(SafetensorsType type, ReadOnlySpan<long> shape, out long length)
    {
        // A zero anywhere makes the tensor empty, but the other sizes must be sane too: the product is checked without it.
        length = type.ElementSize();
        var empty = false;
        foreach (var size in shape)
        {
            if (size == 0)
            {
                empty = true;
                continue;
            }

            var product = (Int128)length * size;
            if (size < 0 || product > long.MaxValue)
            {
                length = 0;
                return false;
            }

            length = (long)product;
        }

        length = empty ? 0 : length;
        return true;
    }

    private void CheckCoverage(long dataLength)
    {
        long end = 0;
        foreach (var entry in _entries.Values.OrderBy(entry => entry.Offset).ThenBy(entry => entry.Length))
        {
            if (entry.Offset < end)
            {
                throw new SafetensorsException(
                    _path,
                    entry.Name,
                    $"it begins at byte {entry.Offset}, inside the tensor before it, which ends at {end}."
                );
            }

            if (entry.Offset > end)
            {
                throw new SafetensorsException(
                    _path,
                    entry.Name,
                    $"it begins at byte {entry.Offset}, but the tensors before it end at {end}: a hole."
                );
            }

            end = entry.Offset + entry.Length;
            if (end > dataLength)
            {
                throw new SafetensorsException(
                    _path,
                    entry.Name,
                    $"it ends at byte {end}, but the file holds {dataLength} bytes of data: the file is cut short or its header "
                        + $"claims too much."
                );
            }
        }

        if (end != dataLength)
        {
            throw new SafetensorsException(_path, null, $"the tensors take {end} bytes, but {dataLength} bytes follow the header.");
        }
    }

    private void Expect(JsonTokenType found, JsonTokenType wanted, string? name, string rule)
    {
        if (found != wanted)
        {
            throw new SafetensorsException(_path, name, $"{rule} (found {found}).");
        }
    }
}
