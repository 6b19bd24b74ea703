/* A plugin for a CRM that takes one person by POST /people. It is right where no BROKEN_… is defined; each of those breaks one rule. */
#include <leadsync/plugin.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct leadsync_session {
  char *job;
  char *text; /* what the step points to */
  size_t used;
  int step;
  int leads;
  leadsync_request request;
  leadsync_header header;
  const leadsync_request *requests[1];
  const leadsync_header *headers[1];
  uint32_t ordinals[64];
};

static leadsync_str str(const char *from) {
  leadsync_str made = {from, strlen(from)};
  return made;
}

static int count_of(const char *in, const char *what) {
  int count = 0;
  for (; (in = strstr(in, what)); in += strlen(what)) ++count;
  return count;
}

static leadsync_session *open_session(const leadsync_host *host, leadsync_str job) {
  leadsync_session *made = calloc(1, sizeof *made);
  (void)host;
  made->job = calloc(1, job.size + 1);
  memcpy(made->job, job.data, job.size);
  made->leads = count_of(made->job, "\"lead\":");
  made->text = calloc(1, 200 * (size_t)made->leads + 400);
#ifdef BROKEN_LEAKS
  if (!malloc(100)) abort();
#endif
  return made;
}

static void send_people(leadsync_session *session, leadsync_step *step) {
  leadsync_request *request = &session->request;
  int i;
  for (i = 0; i < session->leads && i < 64; ++i) session->ordinals[i] = (uint32_t)i;
  request->struct_size = sizeof *request;
  request->method = str("POST");
  request->url = str("/people");
  request->effect = LEADSYNC_EFFECT_KEYED_WRITE;
  request->phase = str("person");
  request->leads = session->ordinals;
  request->lead_count = (size_t)i;
  request->body = str("{}");
#ifdef BROKEN_UNDECLARED_HOST
  request->url = str("https://collector.example/people");
#endif
#ifdef BROKEN_BLIND
  request->effect = LEADSYNC_EFFECT_BLIND_WRITE;
#endif
#ifdef BROKEN_GET_WRITES
  request->method = str("GET");
#endif
#ifdef BROKEN_CLOCK
  sprintf(session->text, "{\"at\": %ld}", (long)clock());
  request->body = str(session->text);
#endif
#ifdef BROKEN_AUTHORIZATION
  session->header.struct_size = sizeof session->header;
  session->header.name = str("authorization");
  session->header.value = str("Bearer of-my-own");
  session->headers[0] = &session->header;
  request->headers = session->headers;
  request->header_count = 1;
#endif
  session->requests[0] = request;
  step->kind = LEADSYNC_STEP_SEND;
  step->requests = session->requests;
  step->request_count = 1;
}

static void tell(leadsync_session *session, const leadsync_response *answer, leadsync_step *step) {
  const int ok = answer->transport == LEADSYNC_OK && answer->status == 200;
  int i, last = session->leads;
  size_t used = 0;
#ifdef BROKEN_OMITS_A_VERDICT
  last -= 1;
#endif
#ifdef BROKEN_OK_WITHOUT_ANSWER
  (void)ok;
#define OK_NOW 1
#else
#define OK_NOW ok
#endif
  session->text[used++] = '[';
  for (i = 0; i < last; ++i) {
    if (OK_NOW)
      used += (size_t)sprintf(session->text + used, "%s{\"lead\": %d, \"phase\": \"person\", \"status\": \"ok\", \"remote_id\": \"%d\", \"request\": 0}", i ? "," : "", i, i);
    else
      used += (size_t)sprintf(session->text + used, "%s{\"lead\": %d, \"phase\": \"person\", \"status\": \"failed\", \"category\": \"%s\", \"message\": \"no\", \"request\": 0}",
                              i ? "," : "", i, answer->transport == LEADSYNC_SENT_NO_ANSWER ? "AMBIGUOUS_WRITE" : "UNEXPECTED");
  }
  strcpy(session->text + used, "]");
#ifdef BROKEN_NONSENSE
  strcpy(session->text, "[{\"lead\": 0, \"phase\": \"person\", \"status\": \"splendid\"}]");
#endif
  step->verdicts_json = str(session->text);
}

static void resume(leadsync_session *session, const leadsync_response *const *responses, size_t count, leadsync_step *step) {
  step->kind = LEADSYNC_STEP_DONE;
  if (strstr(session->job, "\"kind\":\"describe\"")) {
    step->result_json = str("{\"objects\": [{\"name\": \"person\", \"title\": \"Person\", \"fields\": [{\"name\": \"email\", \"label\": \"Email\", \"type\": \"email\","
                            " \"creatable\": true, \"updatable\": true, \"required\": true}]}]}");
    return;
  }
  if (!strstr(session->job, "\"kind\":\"sync\"") || session->job[strlen(session->job) - 1] != '}') {
    step->result_json = str("{\"error\": {\"category\": \"PLUGIN_FAULT\", \"message\": \"no such job\"}}");
    return;
  }
#ifdef BROKEN_ABORTS
  abort();
#endif
#ifdef BROKEN_EXITS
  exit(3);
#endif
#ifdef BROKEN_OPENS_A_FILE
  {
    FILE *file = fopen("/etc/passwd", "r");
    if (file) fclose(file);
  }
#endif
  if (session->step++ == 0) {
    send_people(session, step);
    return;
  }
  (void)count;
  tell(session, responses[0], step);
#ifdef BROKEN_NEVER_ENDS
  step->verdicts_json = str("");
  send_people(session, step);
#endif
  step->result_json = str("{}");
}

static void close_session(leadsync_session *session) {
  free(session->job);
  free(session->text);
  free(session);
}

static const char manifest[] =
    "{\"protocol\": 1, \"name\": \"broken\", \"title\": \"Broken\", \"version\": \"1\", \"api_base\": \"https://crm.example\", \"hosts\": [\"crm.example\"],"
    " \"authorization\": {\"header\": \"Authorization\", \"value\": \"Bearer {{secret:access_token}}\"},"
    " \"credentials\": [{\"kind\": \"token\", \"title\": \"Token\", \"secrets\": [\"access_token\"]}], \"jobs\": [\"describe\", \"sync\"],"
    " \"objects\": [{\"name\": \"person\", \"title\": \"Person\", \"per\": \"lead\", \"phase\": \"person\", \"match_keys\": [\"email\"]}],"
    " \"phases\": [{\"name\": \"person\"}],"
    " \"default_mapping\": [{\"object\": \"person\", \"remote_field\": \"email\", \"source\": \"email\"}], \"batch_size\": 10,"
    " \"limits\": [{\"id\": \"burst\", \"amount\": 10, \"window_ms\": 1000, \"kind\": \"rolling\", \"default\": true}]}";

#ifdef BROKEN_TWO_SYMBOLS
LEADSYNC_EXPORT int helper_of_broken(void);
LEADSYNC_EXPORT int helper_of_broken(void) { return 1; }
#endif

LEADSYNC_EXPORT const leadsync_plugin *leadsync_plugin_entry(void) {
  static const leadsync_plugin plugin = {sizeof plugin, LEADSYNC_ABI_MAJOR, LEADSYNC_ABI_MINOR, {manifest, sizeof manifest - 1},
                                         &open_session, &resume, &close_session, NULL};
  return &plugin;
}
