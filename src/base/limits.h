/* The ceilings of memory, disk and time, each with the reason for its number. Those that one file alone knows stand there. */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

/* An arena that names no ceiling of its own. A catalog of 10,000 tables with 100 columns each needs about 200 MB; no
 * practice system comes near a tenth of that, and hostile input must not get more. */
#define ARENA_BYTES_MAX ((size_t)256 << 20)

/* Values up to this size come inside a row; larger ones as a locator that is streamed (V_LOB). 64 KB is one extent:
 * a batch of rows then stays within a few megabytes. */
#define LOB_INLINE_BYTES_MAX ((size_t)65536)

/* XML text that comes inside a row: binary XML of LOB_INLINE_BYTES_MAX is rarely longer than this as text, and a
 * hostile one (one long name, used often) must not fill memory; longer text is streamed. */
#define XML_TEXT_INLINE_MAX (4 * LOB_INLINE_BYTES_MAX)
/* A value that must be converted in one piece (geometry, geography): 1 MB holds 65,000 points, more than any map in a
 * business table, and its text stays under OBJECT_TEXT_BYTES_MAX. */
#define WHOLE_VALUE_BYTES_MAX ((size_t)1 << 20)

/* Text that an xml, hierarchyid or spatial value of at most LOB_INLINE_BYTES_MAX stored bytes may become inside a row.
 * WKT is about four times its stored form; XML repeats names that it stores once, and a hostile one would go on for
 * ever. */
#define OBJECT_TEXT_BYTES_MAX ((size_t)4 << 20)

/* Findings kept in full per code and table; further ones are only counted. Enough for a person to see the pattern. */
#define FINDINGS_KEPT_PER_KIND 20
/* Kinds (code and table) kept apart; beyond them findings are counted per code only. Bounds memory on hostile input. */
#define FINDING_KINDS_MAX 20000

/* Extraction. A chunk is what one thread reads before it takes the next: small enough to share a table of some
 * megabytes between threads, large enough that taking it costs nothing. */
#define EXTRACT_CHUNK_BYTES ((uint64_t)2 << 20)
/* Text that a thread holds until it is its turn to write, and what all threads hold together: with the readers' own
 * memory the whole program stays under 96 MB. One value of a row and one chunk fit into the smaller figure. */
#define EXTRACT_BUFFER_BYTES_MAX ((size_t)16 << 20)
#define EXTRACT_BUFFER_BYTES_MIN ((size_t)1 << 20)
#define EXTRACT_BUFFERS_BYTES    ((size_t)32 << 20)
/* More threads than this only hold memory. */
#define EXTRACT_THREADS_MAX 32

/* SQL. What sorting, grouping and joining may hold together: two thirds for SQLite, one for indexes. Nothing is held
 * before it is needed. SQLite groups by sorting: 30 million measurements grouped by patient take 0.5 GB. An index of 10
 * million such rows fits into a third; a larger table is streamed. */
#define SQL_MEMORY_BYTES ((size_t)2 << 30)
/* Pages of the work file that SQLite keeps, and what it sorts in one piece. */
#define SQL_CACHE_BYTES ((size_t)16 << 20)
/* The same of a conversion's work file: more than it sorts, so that keys are looked up in memory. */
#define WORK_CACHE_BYTES ((size_t)48 << 20)
/* Keys of records that are remembered in memory while records are staged, 13 bytes each where they are numbers; those of a
 * practice of 30,000 patients fit. Others go to the work file. */
#define STAGED_KEYS_BYTES ((size_t)48 << 20)
/* Rows of a SELECT that are kept between the survey of its columns and their staging: 100,000 of a dozen short values. More
 * are read twice. */
#define STAGED_ROWS_BYTES ((size_t)32 << 20)
/* Steps of SQLite's machine that a profile's statement may take: an hour or so, far more than the largest practice
 * needs; a recursion without an end stops here. */
#define SQL_STEPS_MAX UINT64_C(200000000000)

/* Binary XML. SQL Server takes no xml deeper than 128 levels; names of a document (with its namespaces) fill a few
 * kilobytes. These hold what a reader may ever keep of one value, whatever its size. A name in a tag is two or three
 * bytes of tokens: its length bounds how far text may outgrow what is stored. Documents nested in documents are a
 * curiosity of the format. */
#define BINXML_DEPTH_MAX          1024
#define BINXML_NAMES_MAX          65536
#define BINXML_NAME_BYTES_MAX     ((size_t)2 << 20)
#define BINXML_TAG_NAME_BYTES_MAX ((size_t)1024)
#define BINXML_NEST_MAX           4

/* Archives. Small ones are unpacked into memory, others into a work file. A zipped database of mostly empty pages may
 * shrink to a thousandth, but not by far one that holds a practice; below the first figure nobody is harmed. */
#define ARCHIVE_MEMORY_BYTES ((size_t)32 << 20)
#define ARCHIVE_RATIO_FREE   ((uint64_t)256 << 20)
#define ARCHIVE_RATIO_MAX    ((uint64_t)250)
#define ARCHIVE_BYTES_MAX    ((uint64_t)512 << 30)
#define ARCHIVE_MEMBERS_MAX  20000
/* A zipped backup in a zip happens; more is made by malice. */
#define ARCHIVE_DEPTH_MAX 2
/* What is left free of the disk that holds the work file. */
#define ARCHIVE_SPARE_BYTES ((uint64_t)256 << 20)

/* Workbooks. Their texts stand apart from the cells and must be held while a sheet is read. */
#define XLSX_STRINGS_BYTES_MAX ((size_t)256 << 20)
#define XLSX_STRINGS_MAX       ((size_t)16 << 20)
/* A cell holds 32,767 characters at most; what is longer was not made by Excel. */
#define XLSX_CELL_BYTES_MAX ((size_t)1 << 20)
/* Sheets of a compressed size up to this are run through when they are opened. */
#define XLSX_AUDIT_BYTES_MAX ((uint64_t)32 << 20)

/* CSV. A file up to this size is read once when it is opened, for its exact number of rows and the damage its writer did:
 * a fifth of a second. All files of a folder together cost a second or two; larger ones tell their rows when they are read. */
#define CSV_AUDIT_FILE_BYTES_MAX ((uint64_t)64 << 20)
#define CSV_AUDIT_BYTES_MAX      ((uint64_t)512 << 20)

/* Charts. Exams that are open at once while rows are folded: an exam of 32 teeth takes about 8 KB, so that 8,000 mixed
 * ones fit; beyond, the table is read again. */
#define CHART_MEMORY_BYTES ((size_t)64 << 20)
/* Keys and proofs of all exams: 40 bytes and the key each; 150,000 exams take 10 MB. */
#define CHART_EXAMS_BYTES ((size_t)512 << 20)
/* Findings of its own and notes of one tooth, and text of one exam: far beyond what anybody charts. */
#define CHART_TEXTS_OF_TOOTH_MAX 1000
#define CHART_TEXT_OF_EXAM_MAX   ((size_t)4 << 20)
/* Rows that a reading thread hands over at once, and the bytes of text among them after which it does so earlier. */
#define CHART_BATCH_ROWS       1024
#define CHART_BATCH_TEXT_BYTES ((size_t)1 << 20)
/* What a thread reads before the other one takes over. */
#define CHART_CHUNK_BYTES ((uint64_t)1 << 20)

/* A document of at most this size waits in memory between the source and the bundle, a larger one in a nameless file: most
 * pictures and all letters stay below. */
#define DOCUMENT_MEMORY_BYTES ((size_t)8 << 20)
/* A letter that is turned into a PDF; the output of a hostile one grows with it. */
#define LETTER_BYTES_MAX ((size_t)8 << 20)

/* Snapshots. A database of a thousand tables makes one of 20 MB. What a JSON tree takes in memory depends on its objects
 * and lists (200 bytes each) and on their items (40), so these have ceilings of their own: 100 MB each. */
#define SNAPSHOT_BYTES_MAX         ((size_t)32 << 20)
#define SNAPSHOT_NODES_MAX         ((size_t)500000)
#define SNAPSHOT_ITEMS_MAX         ((size_t)2500000)
#define SNAPSHOT_CATALOG_BYTES_MAX ((size_t)256 << 20)

/* Files that people write (profiles, templates): far beyond what anybody would, and small enough that a wrong file
 * given by mistake costs nothing. */
#define YAML_BYTES_MAX ((size_t)1 << 20)
#define YAML_DEPTH_MAX 32
/* Keys of one map, items of one list: each key is compared with those before it. */
#define YAML_ITEMS_MAX 10000

#endif
