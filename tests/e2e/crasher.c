/* A plugin for a CRM that needs no requests: every lead clears, but where the setting "crashes" is true a job that holds the word
 * "crashing" ends the process, and one that holds "looping" never returns. */
#include <leadsync/plugin.h>

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct leadsync_session {
  char *job;
  char *answer;
};

static leadsync_str text(const char *from) {
  leadsync_str made = {from, strlen(from)};
  return made;
}

static const char described[] =
    "{\"objects\": [{\"name\": \"person\", \"title\": \"Person\", \"fields\": [{\"name\": \"email\", \"label\": \"Email\", \"type\": \"email\","
    " \"creatable\": true, \"updatable\": true, \"required\": true}]}]}";

static leadsync_session *open_session(const leadsync_host *host, leadsync_str job) {
  leadsync_session *made = calloc(1, sizeof *made);
  (void)host;
  made->job = calloc(1, job.size + 1);
  memcpy(made->job, job.data, job.size);
  return made;
}

static int count_of(const char *in, const char *what) {
  int count = 0;
  for (; (in = strstr(in, what)); in += strlen(what)) ++count;
  return count;
}

static void resume(leadsync_session *session, const leadsync_response *const *responses, size_t count, leadsync_step *step) {
  (void)responses;
  (void)count;
  step->kind = LEADSYNC_STEP_DONE;
  step->result_json = text("{}");
  if (strstr(session->job, "\"kind\":\"describe\"")) {
    step->result_json = text(described);
    return;
  }
  if (strstr(session->job, "\"crashes\":true") && strstr(session->job, "crashing")) abort();
  if (strstr(session->job, "\"crashes\":true") && strstr(session->job, "looping"))
    for (;;) sched_yield();
  const int leads = count_of(session->job, "\"lead\":");
  size_t used = 0, room = 80 * (size_t)leads + 3;
  session->answer = malloc(room);
  for (int i = 0; i < leads; ++i)
    used += (size_t)snprintf(session->answer + used, room - used,
                             "%c{\"lead\": %d, \"phase\": \"person\", \"status\": \"ok\", \"remote_id\": \"%d\"}", i ? ',' : '[', i, i);
  snprintf(session->answer + used, room - used, "%s", leads ? "]" : "[]");
  step->verdicts_json = text(session->answer);
}

static void close_session(leadsync_session *session) {
  free(session->job);
  free(session->answer);
  free(session);
}

static const char manifest[] =
    "{\"protocol\": 1, \"name\": \"crasher\", \"title\": \"Crasher\", \"version\": \"1\", \"hosts\": [\"crm.test\"],"
    " \"credentials\": [{\"kind\": \"token\", \"title\": \"Token\", \"secrets\": [\"access_token\"]}], \"jobs\": [\"describe\", \"sync\"],"
    " \"settings\": {\"type\": \"object\", \"properties\": {\"crashes\": {}}},"
    " \"objects\": [{\"name\": \"person\", \"title\": \"Person\", \"per\": \"lead\", \"phase\": \"person\", \"match_keys\": [\"email\"]}],"
    " \"phases\": [{\"name\": \"person\"}],"
    " \"default_mapping\": [{\"object\": \"person\", \"remote_field\": \"email\", \"source\": \"email\"}], \"batch_size\": 10}";

LEADSYNC_EXPORT const leadsync_plugin *leadsync_plugin_entry(void) {
  static const leadsync_plugin plugin = {sizeof plugin, LEADSYNC_ABI_MAJOR, LEADSYNC_ABI_MINOR, {manifest, sizeof manifest - 1},
                                         &open_session, &resume, &close_session, NULL};
  return &plugin;
}
