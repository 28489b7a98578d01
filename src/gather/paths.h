/* How a file names a question: paths, and labels. */
#ifndef CANVASS_GATHER_PATHS_H
#define CANVASS_GATHER_PATHS_H

#include "canvass/data.h"
#include "gather/entries.h"

typedef enum cnv_path_found {
	CNV_PATH_KNOWN,
	CNV_PATH_UNKNOWN,
	CNV_PATH_AMBIGUOUS,     /* several questions have this name */
	CNV_PATH_WITHOUT_ENTRY, /* a question of a repeat, without the number of its entry */
	CNV_PATH_ENTRY_NUMBER,  /* entry 0, or over CNV_ENTRY_NUMBERS */
	CNV_PATH_GONE           /* a question of the older version that is no longer asked */
} cnv_path_found;

/* CNV_PATH_OUTDATED: the answer to a question that is no longer asked, kept as a remark. */
typedef enum cnv_path_role { CNV_PATH_ANSWER, CNV_PATH_NOTE, CNV_PATH_RESERVATION, CNV_PATH_OUTDATED } cnv_path_role;

typedef struct cnv_path {
	cnv_path_found found;
	cnv_path_role role;
	cnv_question_id question; /* set if it is known, or known except for its entry */
	uint32_t depth;
	uint32_t numbers[CNV_TABLE_DEPTH]; /* of entries, outermost first */
} cnv_path;

/* Questions by their labels; filled when the first column needs it. */
typedef struct cnv_labels {
	const cnv_form *form;
	cnv_arena *arena;
	cnv_names names;
	bool filled;
} cnv_labels;

/* The question of `table` whose label is this heading: CNV_NONE, or CNV_NAME_AMBIGUOUS. */
cnv_question_id cnv_labels_find(cnv_labels *labels, uint32_t table, cnv_str text);
bool cnv_labels_failed(const cnv_labels *labels);
void cnv_labels_fini(cnv_labels *labels);

/* Ranks of names; the first four are tried in this order. */
typedef enum cnv_path_rank {
	CNV_PATH_EXACT,      /* the full path */
	CNV_PATH_BRIEF,      /* the short path of long files */
	CNV_PATH_LOOSE,      /* either, with the separators of other tools */
	CNV_PATH_INNER,      /* groups and repeats; questions of a repeat by their name alone */
	CNV_PATH_REPEATS,    /* `outer[]/inner[]` */
	CNV_PATH_LOCAL,      /* paths in the table of one repeat; scope: the table */
	CNV_PATH_LOCAL_NAME, /* names without a path; scope: the table */
	CNV_PATH_CHOICE      /* choice names as they occur in headings; scope: the list */
} cnv_path_rank;

typedef struct cnv_paths {
	const cnv_form *form;
	cnv_arena *arena;
	cnv_names names; /* by cnv_path_rank */
	cnv_labels labels;
	bool *listed; /* lists whose choices are in `names` */
	cnv_text key;
	const cnv_migration *migration; /* NULL: the return is of the current version */
	struct cnv_paths *older;        /* of the older version */
} cnv_paths;

/* migration: NULL, or the older version whose names are tried first */
void cnv_paths_init(cnv_paths *paths, const cnv_form *form, const cnv_migration *migration, cnv_arena *arena);
/* labels: accept labels of questions too */
cnv_path cnv_paths_find(cnv_paths *paths, cnv_str name, bool labels);
/* The same for a column of a child table, whose names have no entry numbers. */
cnv_path cnv_paths_find_in(cnv_paths *paths, uint32_t table, cnv_str name);
/* The number of repeats around a question. */
uint32_t cnv_paths_depth(const cnv_form *form, cnv_question_id question);
/* The repeat whose entries a column with this heading numbers: `outer[]`.  CNV_NONE: none. */
uint32_t cnv_paths_numbered(cnv_paths *paths, cnv_str heading);
/* The corrected path, for "did you mean"; empty if nothing is near. */
cnv_str cnv_paths_suggest(cnv_paths *paths, const cnv_path *path, cnv_str name, cnv_arena *scratch);
bool cnv_paths_failed(const cnv_paths *paths);
void cnv_paths_fini(cnv_paths *paths);

#endif
