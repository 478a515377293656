/* The C functions through which Duet uses libvips: open from bytes, read pixels, close; encode. */
#ifndef DUET_VIPS_H
#define DUET_VIPS_H

#include <stddef.h>
#include <stdint.h>

#define DUET_VIPS_API __attribute__((visibility("default")))

enum { DUET_VIPS_OK = 0, DUET_VIPS_FAILED = 1 };
enum { DUET_VIPS_JPEG = 1, DUET_VIPS_PNG = 2, DUET_VIPS_WEBP = 3, DUET_VIPS_GIF = 4 };

typedef struct duet_vips_info {
    int32_t width, height;               /* of what `read` gives, after shrink-on-load and rotation */
    int32_t bands;                       /* 1 to 4, interleaved */
    int32_t bits;                        /* 8, or 16 in the machine's byte order */
    int32_t source_width, source_height; /* as the file's header says */
} duet_vips_info;

/* Reads the header only. `data` must stay in place until close. `min_side` > 0 allows shrinking while decoding as long as
   the shorter side does not fall below it; `rotate` applies the EXIF orientation; `max_pixels` stops before anything big is
   set up (info then holds the source size and *handle stays null). */
DUET_VIPS_API int duet_vips_open(const void *data, size_t length, int format, int min_side, int rotate, int64_t max_pixels,
    duet_vips_info *info, void **handle, char *message, size_t message_size);

/* Decodes into `pixels`, which holds height * width * bands * bits / 8 bytes; runs in the calling thread. */
DUET_VIPS_API int duet_vips_read(void *handle, void *pixels, size_t size, char *message, size_t message_size);

DUET_VIPS_API void duet_vips_close(void *handle);

/* Encodes 8-bit RGB; *encoded is freed with duet_vips_free. `quality` is used by JPEG only, WebP is lossless. */
DUET_VIPS_API int duet_vips_encode(const void *rgb, int width, int height, int format, int quality,
    void **encoded, size_t *length, char *message, size_t message_size);

DUET_VIPS_API void duet_vips_free(void *encoded);

#endif
