/* What goes into a PDF packed: by libdeflate, before libharu has it, which would take zlib. Internal to this folder. */
#ifndef PDF_PDF_PACK_H
#define PDF_PDF_PACK_H

#include "base/buf.h"
#include <hpdf.h>
#include <hpdf_doc.h>

typedef struct pdf_pack {
    struct libdeflate_compressor *packer;
    buf packed;
} pdf_pack;

bool pdf_pack_begin(pdf_pack *p); /* false when out of memory */
void pdf_pack_free(pdf_pack *p);
/* The bytes as the only content of out, the stream of d. False when out of memory. */
bool pdf_pack_into(pdf_pack *p, HPDF_Dict d, HPDF_Stream out, sv bytes);

#endif
