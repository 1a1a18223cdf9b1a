#include <hpol/hpol.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char** argv) {
  hpol_load_options options = {.struct_size = sizeof options, .trust_file = argv[2]};
  hpol_engine* engine = NULL;
  char error[256];
  if (argc < 3 || hpol_engine_load(argv[1], &options, &engine, error, sizeof error) != HPOL_OK) return 1;
  hpol_scratch* scratch = hpol_scratch_new();
  hpol_text team = {"sales", 5}, body = {"about T-123456", 14};
  hpol_attribute attributes[] = {{{"team", 4}, HPOL_FROM_IDENTITY, &team, 1}};
  hpol_request request = {sizeof request, HPOL_TEXT, 0, body, attributes, 1};
  hpol_decision decision = {.struct_size = sizeof decision};
  hpol_outbound out = {.struct_size = sizeof out};
  hpol_decide(engine, &request, scratch, &decision); /* on any failure: it says deny */
  for (size_t i = 0; i < decision.candidate_count && !out.allowed; ++i) hpol_render(engine, scratch, i, "m", &out);
  printf("%.*s <- %.*s\n", (int)out.target.size, out.target.data, (int)out.body.size, out.body.data);
  hpol_scratch_free(scratch);
  hpol_engine_free(engine);
  return out.allowed ? 0 : 1;
}
