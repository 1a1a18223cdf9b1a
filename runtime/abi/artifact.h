/* The native part of a compiled policy: one C struct of code pointers. A JIT and a
 * bundle hand over the same thing. Generated code has no undefined symbols: what it
 * needs it gets as arguments. Plain C, so that its layout is nobody's secret. */
#ifndef HPOL_RUNTIME_ABI_ARTIFACT_H_
#define HPOL_RUNTIME_ABI_ARTIFACT_H_

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define HPOL_ABI_VERSION 1u

/* The longest match of one detector's patterns that starts exactly at text[at] and
 * ends at or before `limit` (at < limit <= size). Returns the end offset, or 0 for
 * none. Look-around (`bounded`, \b) may read text[at-1] and text[end] within [0, size).
 * Reads at most the detector's max_length + 1 bytes. `context` is passed through
 * (the reference engine's matcher needs it, native code ignores it). */
typedef uint64_t (*hpol_match_fn)(const void* context, const uint8_t* text, uint64_t size, uint64_t at,
                                  uint64_t limit);

/* Evaluates every row of one rule table. Bit f of `positive` says that fact f holds,
 * bit f of `negative` that its negation holds, in the reading at hand (must: both only
 * where known; may: both where unknown). Sets bit r of `rows` for each row r that is
 * true and clears the others. Arrays are whole 64-bit words. */
typedef void (*hpol_rows_fn)(const uint64_t* positive, const uint64_t* negative, uint64_t* rows);

/* The steps of the candidate filter (runtime/abi/filter.h) over one block: reads the class
 * planes, updates the carries, and, when any output has a bit set, writes all outputs and
 * returns 1; else returns 0. Each plane is a vector of as many words as the variant has lanes, aligned to its
 * size. */
typedef uint64_t (*hpol_filter_fn)(const uint64_t* planes, uint64_t* carries, uint64_t* outputs);

typedef struct hpol_detector_code {
  hpol_match_fn match;
  const void* context;
  /* Byte b can begin a match when bit b is set. */
  uint64_t first_bytes[4];
} hpol_detector_code;

typedef struct hpol_artifact {
  uint32_t struct_size; /* sizeof(hpol_artifact) of the writer */
  uint32_t abi_version; /* HPOL_ABI_VERSION of the writer */
  uint32_t detector_count;
  uint32_t reserved;
  const hpol_detector_code* detectors; /* in the order of Tables::detectors */
  hpol_rows_fn classify;               /* over Tables::classify */
  hpol_rows_fn route;                  /* over Tables::route */
  /* Steps of the candidate filter for planes of 4 and of 8 words; null: not compiled for it. */
  hpol_filter_fn filter_avx2;
  hpol_filter_fn filter_avx512;
} hpol_artifact;

#ifdef __cplusplus
}
#endif

#endif /* HPOL_RUNTIME_ABI_ARTIFACT_H_ */
