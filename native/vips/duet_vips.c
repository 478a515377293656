/* See duet_vips.h. Only the four loaders named there can ever run: everything else in libvips is blocked at start. */
#include "duet_vips.h"

#include <pthread.h>
#include <string.h>
#include <vips/vips.h>

static pthread_once_t started = PTHREAD_ONCE_INIT;
static int start_failed;

static void drop_log(const gchar *domain, GLogLevelFlags level, const gchar *text, gpointer data)
{
    (void)domain, (void)level, (void)text, (void)data;
}

static void start(void)
{
    static const char *allowed[] = { "VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadWebp", "VipsForeignLoadNsgif" };

    /* Warnings about odd but readable files must not be written to the console of the program that uses the library. */
    g_log_set_handler("VIPS", G_LOG_LEVEL_WARNING | G_LOG_LEVEL_INFO | G_LOG_LEVEL_DEBUG, drop_log, NULL);
    start_failed = vips_init("duet");
    if (start_failed)
        return;

    vips_block_untrusted_set(TRUE);
    vips_operation_block_set("VipsForeignLoad", TRUE);
    for (size_t i = 0; i < G_N_ELEMENTS(allowed); i++)
        vips_operation_block_set(allowed[i], FALSE);

    /* Callers decode many pictures in parallel, one per thread, and never the same one twice. */
    vips_concurrency_set(1);
    vips_cache_set_max(0);
}

static int fail(char *message, size_t size)
{
    char *text = vips_error_buffer_copy();
    if (message && size)
        g_strlcpy(message, *text ? text : "libvips gave no reason", size);
    g_free(text);
    return DUET_VIPS_FAILED;
}

static int ready(char *message, size_t size)
{
    pthread_once(&started, start);
    return start_failed ? fail(message, size) : DUET_VIPS_OK;
}

static VipsImage *load(const void *data, size_t length, int format, int shrink, double scale)
{
    VipsImage *out = NULL;
    void *bytes = (void *)data;
    const int access = VIPS_ACCESS_SEQUENTIAL, strict = VIPS_FAIL_ON_TRUNCATED;
    int status = -1;

    switch (format) {
    case DUET_VIPS_JPEG:
        status = vips_jpegload_buffer(bytes, length, &out, "access", access, "fail_on", strict, "shrink", shrink, NULL);
        break;
    case DUET_VIPS_PNG:
        status = vips_pngload_buffer(bytes, length, &out, "access", access, "fail_on", strict, NULL);
        break;
    case DUET_VIPS_WEBP:
        status = vips_webpload_buffer(bytes, length, &out, "access", access, "fail_on", strict, "scale", scale, NULL);
        break;
    case DUET_VIPS_GIF:
        status = vips_gifload_buffer(bytes, length, &out, "access", access, "fail_on", strict, NULL);
        break;
    default:
        vips_error("duet", "unknown format %d", format);
    }
    return status ? NULL : out;
}

/* The factor by which the decoder itself may shrink: whole powers of two for JPEG, any factor for WebP. */
static int shrunk(VipsImage **image, const void *data, size_t length, int format, int min_side)
{
    int side = VIPS_MIN((*image)->Xsize, (*image)->Ysize), shrink = 1;
    double scale = 1.0;

    if (min_side <= 0 || side <= min_side)
        return 0;
    while (format == DUET_VIPS_JPEG && shrink < 8 && side / (shrink * 2) >= min_side)
        shrink *= 2;
    if (format == DUET_VIPS_WEBP)
        scale = (double)min_side / side;
    if (shrink == 1 && scale == 1.0)
        return 0;

    g_object_unref(*image);
    *image = load(data, length, format, shrink, scale);
    return *image ? 0 : -1;
}

static int rotated(VipsImage **image)
{
    VipsImage *memory, *turned = NULL;

    if (vips_image_get_orientation(*image) <= 1)
        return 0;
    /* Turning reads out of order, which a sequential loader cannot serve. */
    memory = vips_image_copy_memory(*image);
    if (!memory)
        return -1;
    g_object_unref(*image);
    *image = memory;
    if (vips_autorot(*image, &turned, NULL))
        return -1;
    g_object_unref(*image);
    *image = turned;
    return 0;
}

int duet_vips_open(const void *data, size_t length, int format, int min_side, int rotate, int64_t max_pixels,
    duet_vips_info *info, void **handle, char *message, size_t message_size)
{
    VipsImage *image;

    *handle = NULL;
    memset(info, 0, sizeof *info);
    if (ready(message, message_size))
        return DUET_VIPS_FAILED;
    /* libvips collects messages in one buffer for all threads; warnings about earlier pictures do not belong to this one. */
    vips_error_clear();
    image = load(data, length, format, 1, 1.0);
    if (!image)
        return fail(message, message_size);

    info->source_width = image->Xsize;
    info->source_height = image->Ysize;
    if ((int64_t)image->Xsize * image->Ysize > max_pixels) {
        g_object_unref(image);
        return DUET_VIPS_OK;
    }

    if (shrunk(&image, data, length, format, min_side) || (rotate && rotated(&image))) {
        if (image)
            g_object_unref(image);
        return fail(message, message_size);
    }
    if ((image->BandFmt != VIPS_FORMAT_UCHAR && image->BandFmt != VIPS_FORMAT_USHORT) || image->Bands > 4) {
        vips_error("duet", "%d bands of sample type %d are not a picture", image->Bands, image->BandFmt);
        g_object_unref(image);
        return fail(message, message_size);
    }

    info->width = image->Xsize;
    info->height = image->Ysize;
    info->bands = image->Bands;
    info->bits = image->BandFmt == VIPS_FORMAT_USHORT ? 16 : 8;
    *handle = image;
    return DUET_VIPS_OK;
}

int duet_vips_read(void *handle, void *pixels, size_t size, char *message, size_t message_size)
{
    enum { STRIP = 64 };
    VipsImage *image = handle;
    const size_t line = VIPS_IMAGE_SIZEOF_LINE(image);
    VipsRegion *region;

    if (size != line * (size_t)image->Ysize) {
        vips_error("duet", "the buffer has %zu bytes, the picture %zu", size, line * (size_t)image->Ysize);
        return fail(message, message_size);
    }

    /* A region is read in this very thread; vips_image_write would start a worker for every picture. */
    region = vips_region_new(image);
    for (int top = 0; top < image->Ysize; top += STRIP) {
        VipsRect strip = { 0, top, image->Xsize, VIPS_MIN(STRIP, image->Ysize - top) };
        if (vips_region_prepare(region, &strip)) {
            g_object_unref(region);
            return fail(message, message_size);
        }
        for (int y = top; y < top + strip.height; y++)
            memcpy((char *)pixels + (size_t)y * line, VIPS_REGION_ADDR(region, 0, y), line);
    }
    g_object_unref(region);
    return DUET_VIPS_OK;
}

void duet_vips_close(void *handle)
{
    if (handle)
        g_object_unref(handle);
}

int duet_vips_encode(const void *rgb, int width, int height, int format, int quality,
    void **encoded, size_t *length, char *message, size_t message_size)
{
    VipsImage *raw, *image = NULL;
    int status = -1;

    *encoded = NULL;
    *length = 0;
    if (ready(message, message_size))
        return DUET_VIPS_FAILED;
    raw = vips_image_new_from_memory(rgb, (size_t)width * height * 3, width, height, 3, VIPS_FORMAT_UCHAR);
    if (!raw)
        return fail(message, message_size);
    if (!vips_copy(raw, &image, "interpretation", VIPS_INTERPRETATION_sRGB, NULL))
        switch (format) {
        case DUET_VIPS_JPEG:
            status = vips_jpegsave_buffer(image, encoded, length, "Q", quality, NULL);
            break;
        case DUET_VIPS_PNG:
            status = vips_pngsave_buffer(image, encoded, length, NULL);
            break;
        case DUET_VIPS_WEBP:
            status = vips_webpsave_buffer(image, encoded, length, "lossless", TRUE, NULL);
            break;
        case DUET_VIPS_GIF:
            status = vips_gifsave_buffer(image, encoded, length, NULL);
            break;
        default:
            vips_error("duet", "unknown format %d", format);
        }
    g_object_unref(raw);
    if (image)
        g_object_unref(image);
    return status ? fail(message, message_size) : DUET_VIPS_OK;
}

void duet_vips_free(void *encoded)
{
    g_free(encoded);
}
