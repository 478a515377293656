// Exact or fast preparation of pictures.
namespace Duet.Models;

/// <summary>How closely pictures follow the recipe of <see cref="PicturePreprocessing"/> where a model is evaluated or used.</summary>
public enum PreprocessingMode
{
    /// <summary>
    /// Decodes no larger than needed (JPEG is shrunk while it is decoded), turns pictures upright by their EXIF orientation, puts white
    /// behind transparency, and resizes from there. What training from scratch uses throughout.
    /// </summary>
    Fast,

    /// <summary>Decodes in full and follows the published recipe to the bit, as weights from elsewhere learned with. Several times slower
    /// on large pictures.</summary>
    Exact,
}
