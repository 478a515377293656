// The kinds of data sets that can be read.
namespace Duet.Data;

/// <summary>How a data set lies on disk.</summary>
public enum DataFormat
{
    /// <summary>By looking at the path.</summary>
    Auto,

    /// <summary>A CSV, TSV or JSONL table with picture paths.</summary>
    Table,

    /// <summary>Fashion-Gen (Rostamzadeh et al., arXiv 1806.08317): HDF5 files with <c>input_*</c> datasets, pictures among them.</summary>
    FashionGen,

    /// <summary>UPMC Food-101 (Wang et al., ICMEW 2015): folders of pictures and header-less title tables.</summary>
    Food101,

    /// <summary>GLAMI-1M (Kosar et al., BMVC 2022, arXiv 2211.14451): CSV files in 13 languages and a folder of pictures.</summary>
    Glami,

    /// <summary>MM-IMDb (Arevalo et al., arXiv 1702.01992): one JSON and one picture per film.</summary>
    MmImdb,

    /// <summary>Hateful Memes (Kiela et al., NeurIPS 2020, arXiv 2005.04790): JSONL files and a folder of pictures.</summary>
    HatefulMemes,

    /// <summary>Pictures in folders that name their classes, with captions beside them or without.</summary>
    ImageFolder,

    /// <summary>Tar shards in which a sample's members share a name and differ in their extensions.</summary>
    WebDataset,
}
