/* The C door as a program outside the tree uses it. Prints what embed.lua, embed.py and embed.cc print too.
 */
#include <hpol/hpol.h>
#include <stdio.h>
#include <string.h>

static hpol_text Text(const char* text) {
  hpol_text result = {text, strlen(text)};
  return result;
}

static void Print(const char* what, hpol_text text) { printf(" %s=%.*s", what, (int)text.size, text.data); }

static void Ask(const hpol_engine* engine, hpol_scratch* scratch, const char* team, const char* body) {
  hpol_text value = Text(team);
  hpol_attribute attribute = {Text("team"), HPOL_FROM_IDENTITY, &value, 1};
  hpol_request request = {.struct_size = sizeof request,
                          .surface = HPOL_TEXT,
                          .body = Text(body),
                          .attributes = &attribute,
                          .attribute_count = 1};
  hpol_decision decision = {.struct_size = sizeof decision};
  hpol_decide(engine, &request, scratch, &decision);
  printf("%s:", decision.verdict == HPOL_SEND ? "send" : "deny");
  Print("level", decision.level);
  Print("cause", decision.cause);
  Print("reason", decision.reason);
  for (size_t i = 0; i < decision.finding_count; ++i) {
    hpol_finding finding = {.struct_size = sizeof finding};
    if (hpol_finding_at(scratch, i, &finding) != HPOL_OK) continue;
    Print("found", finding.detector);
    printf("[%u,%u)", finding.begin, finding.end);
  }
  for (size_t i = 0; i < decision.candidate_count; ++i) {
    hpol_outbound out = {.struct_size = sizeof out};
    if (hpol_render(engine, scratch, i, "m", &out) != HPOL_OK || !out.allowed) continue;
    Print("to", out.target);
    Print("as", out.body);
  }
  printf("\n");
}

/* Whatever is wrong, zero is what one gets. */
static int Misused(const hpol_engine* engine, hpol_scratch* scratch) {
  hpol_decision decision = {.struct_size = sizeof decision, .verdict = HPOL_SEND, .candidate_count = 7};
  hpol_request request = {.struct_size = sizeof request, .surface = 99};
  hpol_outbound out = {.struct_size = sizeof out, .allowed = 1};
  struct {
    size_t struct_size;
    int32_t verdict;
    unsigned char after;
  } small = {12, HPOL_SEND, 0x5a};
  hpol_decide(engine, &request, scratch, &decision);
  if (decision.verdict != HPOL_DENY || decision.candidate_count != 0) return 1;
  if (hpol_render(engine, scratch, 0, "m", &out) != HPOL_INVALID || out.allowed) return 2;
  hpol_decide(NULL, NULL, NULL, &decision);
  if (decision.verdict != HPOL_DENY) return 3;
  hpol_decide(engine, &request, scratch, (hpol_decision*)&small); /* an older, shorter struct */
  if (small.verdict != HPOL_DENY || small.after != 0x5a) return 4;
  if (hpol_engine_load(NULL, NULL, NULL, NULL, 0) != HPOL_INVALID) return 5;
  hpol_engine_free(NULL);
  hpol_scratch_free(NULL);
  return 0;
}

int main(int argc, char** argv) {
  hpol_load_options options = {.struct_size = sizeof options};
  hpol_engine* engine = NULL;
  char error[16];
  int wrong = 0;
  if (argc < 3) return 2;
  /* Signed, and nobody is trusted. */
  if (hpol_engine_load(argv[1], &options, &engine, error, sizeof error) != HPOL_REFUSED) return 3;
  if (engine != NULL || strlen(error) != sizeof error - 1) return 4;
  options.trust_file = argv[2];
  options.pseudonym_key = Text("a key for tests");
  if (hpol_engine_load(argv[1], &options, &engine, error, sizeof error) != HPOL_OK) return 5;
  hpol_engine* again = hpol_engine_share(engine);
  hpol_engine_free(engine);
  hpol_scratch* scratch = hpol_scratch_new();
  Ask(again, scratch, "sales", "hello");
  Ask(again, scratch, "sales", "about T-123456, again");
  Ask(again, scratch, "legal", "hello");
  Ask(again, scratch, "nobody", "hello");
  wrong = Misused(again, scratch);
  hpol_scratch_free(scratch);
  hpol_engine_free(again);
  return wrong;
}
