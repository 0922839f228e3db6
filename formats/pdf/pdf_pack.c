#include "pdf/pdf_pack.h"
#include "base/memory.h"
#include <libdeflate.h>

enum { LEVEL = 1, PACKED_BYTES_MAX = 64 << 20 };

bool pdf_pack_begin(pdf_pack *p)
{
    *p = (pdf_pack){libdeflate_alloc_compressor(LEVEL), buf_new(PACKED_BYTES_MAX)};
    if (!p->packer) memory_ran_out();
    return p->packer != NULL;
}

void pdf_pack_free(pdf_pack *p)
{
    if (p->packer) libdeflate_free_compressor(p->packer);
    p->packer = NULL;
    buf_free(&p->packed);
}

static HPDF_STATUS name_filter(HPDF_Dict d, HPDF_Stream out)
{
    (void)d;
    return HPDF_Stream_WriteStr(out, "/Filter /FlateDecode\012");
}

bool pdf_pack_into(pdf_pack *p, HPDF_Dict d, HPDF_Stream out, sv bytes)
{
    size_t room = libdeflate_zlib_compress_bound(p->packer, bytes.n);
    buf_clear(&p->packed);
    char *to = buf_reserve(&p->packed, room);
    size_t n = to ? libdeflate_zlib_compress(p->packer, bytes.p, bytes.n, to, room) : 0;
    /* It is packed already: libharu leaves it as it is, and does not name the filter. */
    d->filter = HPDF_STREAM_FILTER_NONE;
    d->write_fn = name_filter;
    return n && HPDF_Stream_Write(out, (const HPDF_BYTE *)to, (HPDF_UINT)n) == HPDF_OK;
}
