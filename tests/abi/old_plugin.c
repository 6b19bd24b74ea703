/* A plugin as somebody wrote it for version 1.0, without the C++ part: one search, one write, one verdict. */
#include "plugin_v1_0.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct leadsync_session {
  int steps;
  leadsync_request request;
  const leadsync_request *requests[1];
  leadsync_header header;
  const leadsync_header *headers[1];
  leadsync_cost cost;
  const leadsync_cost *costs[1];
  uint32_t leads[1];
  char body[64];
  char verdicts[128];
};

static const char manifest[] =
    "{\"protocol\": 1, \"name\": \"old\", \"title\": \"Old\", \"version\": \"1.0.0\", \"hosts\": [\"old.test\"], \"jobs\": [\"sync\"],"
    " \"objects\": [{\"name\": \"person\", \"title\": \"Person\", \"per\": \"lead\", \"phase\": \"person\"}],"
    " \"phases\": [{\"name\": \"person\"}],"
    " \"limits\": [{\"id\": \"search\", \"amount\": 4, \"window_ms\": 1000, \"kind\": \"fixed\"}]}";

static leadsync_str text(const char *from) {
  leadsync_str to;
  to.data = from;
  to.size = strlen(from);
  return to;
}

static leadsync_session *open_session(const leadsync_host *host, leadsync_str job) {
  leadsync_session *session = calloc(1, sizeof *session);
  (void)job;
  host->log(1, text("opened"));
  return session;
}

static void send(leadsync_session *session, leadsync_step *step, const char *method, const char *url) {
  session->request.struct_size = sizeof session->request;
  session->request.method = text(method);
  session->request.url = text(url);
  session->request.phase = text("person");
  session->request.leads = session->leads;
  session->request.lead_count = 1;
  session->requests[0] = &session->request;
  step->kind = LEADSYNC_STEP_SEND;
  step->requests = session->requests;
  step->request_count = 1;
}

static void resume(leadsync_session *session, const leadsync_response *const *responses, size_t count, leadsync_step *step) {
  switch (session->steps++) {
    case 0:
      session->cost.struct_size = sizeof session->cost;
      session->cost.limit = text("search");
      session->cost.amount = 2;
      session->costs[0] = &session->cost;
      session->request.costs = session->costs;
      session->request.cost_count = 1;
      send(session, step, "GET", "/search");
      step->checkpoint = text("searched");
      break;
    case 1:
      step->kind = LEADSYNC_STEP_WAIT;
      step->wait_ms = 250;
      if (count != 1 || responses[0]->transport != LEADSYNC_OK) step->kind = LEADSYNC_STEP_DONE;
      break;
    case 2:
      session->header.struct_size = sizeof session->header;
      session->header.name = text("Content-Type");
      session->header.value = text("text/plain");
      session->headers[0] = &session->header;
      session->request.headers = session->headers;
      session->request.header_count = 1;
      session->request.effect = LEADSYNC_EFFECT_BLIND_WRITE;
      snprintf(session->body, sizeof session->body, "new person");
      session->request.body = text(session->body);
      session->request.deadline_ms = 1500;
      session->request.max_response_bytes = 77;
      send(session, step, "POST", "/people");
      break;
    default:
      snprintf(session->verdicts, sizeof session->verdicts,
               "[{\"lead\": 0, \"phase\": \"person\", \"status\": \"ok\", \"remote_id\": \"%u-%.*s-%.*s\"}]", (unsigned)responses[0]->status,
               (int)responses[0]->headers[0]->value.size, responses[0]->headers[0]->value.data, (int)responses[0]->body.size,
               responses[0]->body.data);
      step->kind = LEADSYNC_STEP_DONE;
      step->verdicts_json = text(session->verdicts);
      step->result_json = text("{\"old\": true}");
  }
}

static void close_session(leadsync_session *session) { free(session); }

static const leadsync_plugin plugin = {sizeof(leadsync_plugin), 1, 0, {manifest, sizeof manifest - 1}, open_session, resume, close_session, 0};

const leadsync_plugin *leadsync_plugin_entry(void) { return &plugin; }
