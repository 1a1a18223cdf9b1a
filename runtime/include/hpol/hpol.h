/* hpol for C, and for whatever can call C: which AI model may see this request?
 *
 *   hpol_load_options options = {.struct_size = sizeof options, .trust_file = "trust.pem"};
 *   hpol_engine* engine = NULL;
 *   char error[256];
 *   if (hpol_engine_load("clinic.hpolb", &options, &engine, error, sizeof error) != HPOL_OK) …
 *   hpol_scratch* scratch = hpol_scratch_new();              // one a thread
 *   hpol_decision decision = {.struct_size = sizeof decision};
 *   hpol_decide(engine, &request, scratch, &decision);       // a failure inside is a denial
 *   for (size_t i = 0; i < decision.candidate_count; ++i) {  // best first; none when denied
 *     hpol_outbound out = {.struct_size = sizeof out};
 *     hpol_render(engine, scratch, i, "qwen2.5-72b", &out);
 *     if (out.allowed && send(out.target, out.body)) break;
 *   }
 *
 * Zero is safe everywhere: a zeroed decision denies, a zeroed outbound is not allowed. Nothing that is handed
 * out is to be freed but engines and scratches. Text is UTF-8 with a length, not ended by a zero. Engines may
 * be used by any number of threads at once; a scratch by one thread at a time. `struct_size` lets a program
 * that was compiled with an older header run with a newer library: set it to sizeof the struct. */
#ifndef HPOL_HPOL_H_
#define HPOL_HPOL_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hpol_engine hpol_engine;
typedef struct hpol_scratch hpol_scratch;

typedef struct hpol_text {
  const char* data; /* may be null when size is 0 */
  size_t size;
} hpol_text;

enum {
  HPOL_OK = 0,
  HPOL_INVALID = 1, /* a null pointer, or an index out of range */
  HPOL_REFUSED = 2, /* the bundle may not be loaded */
  HPOL_FAILED = 3   /* no memory, no randomness, a trust store that cannot be read */
};

/* ---- engines ---- */

typedef struct hpol_load_options {
  size_t struct_size;
  const char* trust_file;      /* who may sign: PEM public keys, or a trust store in JSON; null: nobody */
  const char* policy;          /* load bundles of this policy alone; null: of any */
  const char* minimum_version; /* load nothing older; null: anything */
  const char* pin_file;        /* where loaded versions are recorded; null: nowhere */
  int32_t allow_unsigned;      /* 1: load bundles that nobody signed */
  hpol_text pseudonym_key;     /* secret from which pseudonyms are derived; empty: a random one */
} hpol_load_options;

/* On HPOL_OK, `*engine` is to be given to hpol_engine_free. Else it is null, and `error`, of `error_size`
 * bytes, says why in words that end with a zero. `error` may be null. */
int hpol_engine_load(const char* path, const hpol_load_options* options, hpol_engine** engine, char* error,
                     size_t error_size);
/* The same from memory, which is not needed afterwards. */
int hpol_engine_read(const void* bundle, size_t size, const hpol_load_options* options, hpol_engine** engine,
                     char* error, size_t error_size);
/* Another handle on the same engine, for another owner. Null in, null out. */
hpol_engine* hpol_engine_share(const hpol_engine* engine);
/* May be null. Requests that other handles serve go on. */
void hpol_engine_free(hpol_engine* engine);

/* Valid as long as any handle on the engine. */
hpol_text hpol_engine_policy(const hpol_engine* engine);
hpol_text hpol_engine_version(const hpol_engine* engine);

/* Null when there is no memory. */
hpol_scratch* hpol_scratch_new(void);
/* Overwrites what it held. May be null. */
void hpol_scratch_free(hpol_scratch* scratch);

/* ---- requests ---- */

/* How a body is read; numbers as hpol::Surface has them. A number that is not here is a denial. */
enum {
  HPOL_TEXT = 0,                   /* plain text */
  HPOL_OPENAI_CHAT = 1,            /* body of POST /v1/chat/completions */
  HPOL_OPENAI_RESPONSES = 2,       /* POST /v1/responses */
  HPOL_OPENAI_COMPLETIONS = 3,     /* POST /v1/completions */
  HPOL_OPENAI_EMBEDDINGS = 4,      /* POST /v1/embeddings */
  HPOL_ANTHROPIC_MESSAGES = 5,     /* POST /v1/messages */
  HPOL_ANTHROPIC_COUNT_TOKENS = 6, /* POST /v1/messages/count_tokens */
  HPOL_OLLAMA_CHAT = 7,            /* POST /api/chat */
  HPOL_OLLAMA_GENERATE = 8,        /* POST /api/generate */
  HPOL_OLLAMA_EMBED = 9            /* POST /api/embed */
};
enum { HPOL_FROM_NONE = 0, HPOL_FROM_IDENTITY = 1, HPOL_FROM_GATEWAY = 2, HPOL_FROM_CALLER = 3 };

/* One input of the policy. Sets have any number of values, everything else one. */
typedef struct hpol_attribute {
  hpol_text name;
  int32_t source; /* where the value comes from: from elsewhere than the policy says it counts as missing */
  const hpol_text* values;
  size_t value_count;
} hpol_attribute;

typedef struct hpol_request {
  size_t struct_size;
  int32_t surface;
  int32_t unscanned; /* 1: some content was dropped before, or cannot be read */
  hpol_text body;
  const hpol_attribute* attributes;
  size_t attribute_count;
} hpol_request;

/* ---- decisions ---- */

enum { HPOL_DENY = 0, HPOL_SEND = 1 };

typedef struct hpol_decision {
  size_t struct_size;
  int32_t verdict;
  hpol_text
      cause; /* of a denial, one word: rule, input, body, undecided, unknown_fact, not_cleared, internal */
  hpol_text reason; /* what a `deny` rule says; else empty */
  hpol_text level;  /* of the request's label */
  size_t candidate_count;
  size_t finding_count;
} hpol_decision;

/* Always fills the decision as far as struct_size reaches. What it points to is valid until the scratch is
 * used again, or the engine is freed. The request's text must stay until then too. */
void hpol_decide(const hpol_engine* engine, const hpol_request* request, hpol_scratch* scratch,
                 hpol_decision* decision);

typedef struct hpol_finding {
  size_t struct_size;
  hpol_text detector;
  uint32_t begin; /* bytes of the request's body */
  uint32_t end;
} hpol_finding;

/* Of the last decision on this scratch. */
int hpol_finding_at(const hpol_scratch* scratch, size_t index, hpol_finding* finding);

typedef struct hpol_outbound {
  size_t struct_size;
  int32_t allowed;
  hpol_text target;    /* its name in the policy */
  hpol_text redaction; /* empty: none */
  hpol_text body;      /* what may be sent to it, and nothing else; empty unless allowed */
} hpol_outbound;

/* The body for one candidate of the last decision on this scratch, made from the original and scanned again.
 * `model`, ended by a zero, is what the target is asked for. Valid until the scratch is used again. */
int hpol_render(const hpol_engine* engine, hpol_scratch* scratch, size_t index, const char* model,
                hpol_outbound* outbound);

#ifdef __cplusplus
}
#endif

#endif /* HPOL_HPOL_H_ */
