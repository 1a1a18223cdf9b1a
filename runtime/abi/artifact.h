/* The native part of a compiled policy: one C struct of code pointers, for its detectors; its rules are data
 * (tables.h). A JIT and a bundle hand over the same thing. Generated code has no undefined symbols: what it
 * needs it gets as arguments. Plain C, so that its layout is nobody's secret. */
#ifndef HPOL_RUNTIME_ABI_ARTIFACT_H_
#define HPOL_RUNTIME_ABI_ARTIFACT_H_

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define HPOL_ABI_VERSION 5u

/* What one attempt at a match found and read. */
typedef struct hpol_match {
  uint64_t end;     /* one past the match; 0: none */
  uint64_t stopped; /* one past the last byte that was read as part of a match: what the attempt cost */
} hpol_match;

/* The longest match of one detector's patterns that starts exactly at text[at] and
 * ends at or before `limit` (at < limit <= size). Look-around (`bounded`, \b) may read text[at-1] and
 * text[end] within [0, size). Reads at most the detector's max_length + 1 bytes. `context` is passed through
 * (the reference engine's matcher needs it, native code ignores it). */
typedef hpol_match (*hpol_match_fn)(const void* context, const uint8_t* text, uint64_t size, uint64_t at,
                                    uint64_t limit);

/* One detector's automaton as data: the very tables that its hpol_match_fn reads, for callers that run many
 * starts or many detectors at once. A state is named by the offset of its row in `next`, so that a step is
 * next[state + class]; state 0 is dead. A match begins in the state after `start` has read the class of the
 * byte before it (edge_class at the text's beginning), and is at most max_length bytes long: the automaton
 * itself may go on. Valid as long as the artifact. */
typedef struct hpol_automaton {
  const void* next;     /* `cells` states of state_bytes (1, 2 or 4) bytes each */
  const void* class_of; /* 256 classes of class_bytes (1 or 2) bytes each */
  const uint8_t*
      accepts; /* rows of the states in [first_accepting, first_always): 1 where the state accepts
                  before a byte of that class (edge_class: before the text's end); null: no such row */
  uint32_t state_bytes;
  uint32_t class_bytes;
  uint32_t class_count; /* cells of a row */
  uint32_t edge_class;
  uint32_t cells;
  uint32_t start;
  uint32_t first_accepting; /* states from here on accept before some byte */
  uint32_t first_always;    /* states from here on accept whatever follows */
  uint32_t max_length;      /* bytes of one match */
  uint32_t reserved;
} hpol_automaton;

/* A list of whole words as a trie in which ways without branches are one step. */
typedef struct hpol_word_node {
  uint32_t tail;        /* where the bytes after the node's first one begin, in hpol_words.tails */
  uint32_t children;    /* the first of its children; they stand together, in order of their first bytes */
  uint16_t child_count; /* at most 256 */
  uint8_t tail_length;
  uint8_t ends; /* 1: a word ends with the node's last byte */
} hpol_word_node;

typedef struct hpol_words {
  const hpol_word_node* nodes; /* nodes[0] is the root: no bytes */
  const uint8_t* first_bytes;  /* first_bytes[i]: the byte that leads to nodes[i] */
  const uint8_t* tails;
  const uint8_t* fold; /* 256 bytes: what each byte of the text is read as */
  uint32_t max_length; /* bytes of the longest word */
  uint32_t node_count;
} hpol_words;

/* The steps of the candidate filter (runtime/abi/filter.h) over one block: reads the eight class planes, each
 * of eight words, and writes to `any` where some output is set, leaving the first word (the bytes before the
 * block) clear. Bit g of what it returns: some output of group g is set; of such groups all outputs are
 * written, of others none. All are aligned to 64 bytes. */
typedef uint64_t (*hpol_filter_fn)(const uint64_t* planes, uint64_t* any, uint64_t* outputs);

typedef struct hpol_detector_code {
  hpol_match_fn match;
  const void* context;
  /* Byte b can begin a match when bit b is set. */
  uint64_t first_bytes[4];
  /* Null: not known, `match` alone says what it does. */
  const hpol_automaton* automaton;
  /* One that matches wherever `automaton` does and perhaps elsewhere, of the same max_length, but with far
   * fewer states: counts of long repetitions are forgotten. Null: there is none, use `automaton`. */
  const hpol_automaton* coarse;
  /* Word lists that the detector looks for beside what `match` does (runtime/detect/words.h): whatever is
   * longer is its match. They are not in `automaton`. Null when word_lists is 0. */
  const hpol_words* words;
  uint64_t word_lists;
} hpol_detector_code;

typedef struct hpol_artifact {
  uint32_t struct_size; /* sizeof(hpol_artifact) of the writer */
  uint32_t abi_version; /* HPOL_ABI_VERSION of the writer */
  uint32_t detector_count;
  uint32_t reserved;
  /* Never the same for two artifacts of one process: working memory knows by it what it was made for. 0:
   * unknown, nothing is kept. */
  uint64_t serial;
  const hpol_detector_code* detectors; /* in the order of Tables::detectors */
  /* Steps of the candidate filter for any CPU of the architecture, and for two of its levels; null: not
   * compiled for it. */
  hpol_filter_fn filter_scalar;
  hpol_filter_fn filter_avx2;
  hpol_filter_fn filter_avx512;
} hpol_artifact;

#ifdef __cplusplus
}
#endif

#endif /* HPOL_RUNTIME_ABI_ARTIFACT_H_ */
