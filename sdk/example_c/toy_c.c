/* SPDX-License-Identifier: Apache-2.0
 *
 * A whole plugin in C99, by plugin.h and a JSON library alone: people of Toy CRM (leadsync-simulator --crm rest), without notes. A session is a small
 * state machine: each call of resume() takes the answers to the step before, and says the next step.
 */
#include <leadsync/plugin.h>

#include <jansson.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char manifest[] =
    "{\"protocol\": 1, \"name\": \"toy_c\", \"title\": \"Toy CRM, in C\", \"version\": \"1.0.0\","
    " \"api_base\": \"https://api.toy.example\", \"hosts\": [\"api.toy.example\"],"
    " \"authorization\": {\"header\": \"Authorization\", \"value\": \"Bearer {{secret:token}}\"},"
    " \"credentials\": [{\"kind\": \"token\", \"title\": \"API token\", \"secrets\": [\"token\"]}],"
    " \"jobs\": [\"check\", \"describe\", \"sync\"],"
    " \"objects\": [{\"name\": \"person\", \"title\": \"Person\", \"per\": \"lead\", \"phase\": \"person\", \"match_keys\": [\"email\"]}],"
    " \"phases\": [{\"name\": \"person\"}],"
    " \"default_mapping\": [{\"object\": \"person\", \"remote_field\": \"email\", \"source\": \"email\"},"
    " {\"object\": \"person\", \"remote_field\": \"name\", \"source\": \"full_name\"}, {\"object\": \"person\", \"remote_field\": \"company\", \"source\": \"company\"}],"
    " \"batch_size\": 20,"
    " \"limits\": [{\"id\": \"burst\", \"amount\": 50, \"window_ms\": 1000, \"kind\": \"rolling\", \"scope\": \"account\", \"default\": true}]}";

/* One lead of the job, and the request that is about it. `request` points into `url`, `body` and `ordinal`. */
struct lead {
  uint32_t ordinal;
  json_t *fields;    /* borrowed from the job */
  const char *email; /* borrowed; NULL where there is none */
  json_t *known;     /* what the CRM has, where that was asked */
  char *url;
  char *body;
  leadsync_request request;
  int failed;
};

struct leadsync_session {
  json_t *job;
  const char *kind;
  struct lead *leads;
  size_t lead_count;
  int stage;          /* 0: nothing sent; 1: asked what is there; 2: wrote */
  uint32_t sent;      /* requests so far */
  json_t *verdicts;   /* of this step */
  char *verdicts_text, *result_text;
  leadsync_request single;
  leadsync_header json_type;
  const leadsync_header *headers[1];
  const leadsync_request **requests;
  struct lead **asked; /* whom the requests of the step before are about */
  size_t asked_count;
};

static leadsync_str str(const char *text) {
  leadsync_str made = {text, text ? strlen(text) : 0};
  return made;
}

static json_t *parsed(leadsync_str text) { return json_loadb(text.data ? text.data : "", text.size, 0, NULL); }

static const char *text_of(const json_t *object, const char *name) {
  const char *text = json_string_value(json_object_get(object, name));
  return text ? text : "";
}

static int is_ok(const leadsync_response *answer) { return answer->transport == LEADSYNC_OK && answer->status >= 200 && answer->status < 300; }

/* What a refusal means. `told` is a verdict, or the error of a job. */
static void explain(json_t *told, const leadsync_response *answer) {
  static const char *const by_code[][2] = {{"UNKNOWN_FIELD", "MISSING_REMOTE_FIELD"}, {"READ_ONLY", "FIELD_NOT_WRITABLE"}, {"REQUIRED", "REQUIRED_FIELD_MISSING"},
                                           {"TOO_LONG", "DATA_TOO_LONG"}, {"INVALID_OPTION", "DATA_VALUE_VALIDATION"}, {"INVALID_VALUE", "DATA_FORMAT_VALIDATION"}};
  const char *category = "UNEXPECTED", *code;
  char message[64];
  json_t *body = parsed(answer->body);
  size_t i;
  if (answer->transport == LEADSYNC_NOT_SENT) category = "CONNECTION";
  else if (answer->transport == LEADSYNC_REFUSED_HOST) category = "PLUGIN_FAULT";
  else if (answer->transport != LEADSYNC_OK) category = "AMBIGUOUS_WRITE";
  else if (answer->status == 401) category = "AUTHENTICATION";
  else if (answer->status == 403) category = "PERMISSION";
  else if (answer->status == 413) category = "PAYLOAD_REJECTED";
  else if (answer->status == 429) category = "THROTTLED";
  else if (answer->status == 503) category = "REMOTE_BUSY";
  else if (answer->status >= 500) category = "CONNECTION";
  code = text_of(body, "code");
  for (i = 0; i < sizeof by_code / sizeof *by_code; ++i)
    if (strcmp(code, by_code[i][0]) == 0) category = by_code[i][1];
  sprintf(message, "HTTP status %u", (unsigned)answer->status);
  json_object_set_new(told, "category", json_string(category));
  json_object_set_new(told, "message", json_string(*text_of(body, "message") ? text_of(body, "message") : message));
  if (*code) json_object_set_new(told, "crm_code", json_string(code));
  if (*text_of(body, "field"))
    json_object_set_new(told, "locus", json_pack("{s:s, s:s}", "object", "person", "remote_field", text_of(body, "field")));
  json_decref(body);
}

static json_t *begin_verdict(const struct lead *lead, const char *status) {
  return json_pack("{s:i, s:s, s:s}", "lead", (int)lead->ordinal, "phase", "person", "status", status);
}

static void fail_lead(leadsync_session *session, struct lead *lead, const leadsync_response *answer, uint32_t request) {
  json_t *verdict = begin_verdict(lead, "failed");
  json_object_set_new(verdict, "request", json_integer((json_int_t)request));
  explain(verdict, answer);
  json_array_append_new(session->verdicts, verdict);
  lead->failed = 1;
}

static leadsync_session *open_session(const leadsync_host *host, leadsync_str job) {
  leadsync_session *made = calloc(1, sizeof *made);
  json_t *leads;
  size_t i;
  (void)host;
  if (!made) abort();
  made->job = parsed(job);
  made->kind = text_of(made->job, "kind");
  leads = json_object_get(made->job, "leads");
  made->lead_count = json_array_size(leads);
  made->leads = calloc(made->lead_count + 1, sizeof *made->leads);
  made->requests = calloc(made->lead_count + 1, sizeof *made->requests);
  made->asked = calloc(made->lead_count + 1, sizeof *made->asked);
  made->verdicts = json_array();
  if (!made->leads || !made->requests || !made->asked) abort();
  made->json_type.struct_size = sizeof made->json_type;
  made->json_type.name = str("content-type");
  made->json_type.value = str("application/json");
  made->headers[0] = &made->json_type;
  for (i = 0; i < made->lead_count; ++i) {
    const json_t *lead = json_array_get(leads, i);
    const json_t *done = json_object_get(lead, "phases_done");
    made->leads[i].ordinal = (uint32_t)json_integer_value(json_object_get(lead, "lead"));
    made->leads[i].fields = json_object_get(json_object_get(json_object_get(lead, "objects"), "person"), "fields");
    made->leads[i].email = json_string_value(json_object_get(json_object_get(made->leads[i].fields, "email"), "value"));
    made->leads[i].failed = json_array_size(done) > 0; /* the one phase is done already */
  }
  return made;
}

static void end(leadsync_session *session, json_t *result, leadsync_step *step) {
  session->result_text = json_dumps(result, JSON_COMPACT);
  json_decref(result);
  step->kind = LEADSYNC_STEP_DONE;
  step->result_json = str(session->result_text);
}

static void end_failed(leadsync_session *session, const leadsync_response *answer, leadsync_step *step) {
  json_t *error = json_object();
  explain(error, answer);
  end(session, json_pack("{s:o}", "error", error), step);
}

static void get(leadsync_session *session, const char *url, leadsync_step *step) {
  session->single.struct_size = sizeof session->single;
  session->single.method = str("GET");
  session->single.url = str(url);
  session->single.effect = LEADSYNC_EFFECT_READ;
  session->requests[0] = &session->single;
  step->kind = LEADSYNC_STEP_SEND;
  step->requests = session->requests;
  step->request_count = 1;
}

static void check(leadsync_session *session, const leadsync_response *const *answers, leadsync_step *step) {
  json_t *account;
  if (session->stage++ == 0) {
    get(session, "/account", step);
    return;
  }
  account = parsed(answers[0]->body);
  if (!is_ok(answers[0]) || !*text_of(account, "id")) end_failed(session, answers[0], step);
  else end(session, json_pack("{s:{s:s}}", "account", "id", text_of(account, "id")), step);
  json_decref(account);
}

/* Toy CRM says its fields in the words of the protocol; those that lack a name or a type are left out. */
static void describe(leadsync_session *session, const leadsync_response *const *answers, leadsync_step *step) {
  static const char *const types[] = {"text", "email", "phone", "url", "decimal", "boolean", "date", "instant"};
  json_t *listed, *each, *fields;
  size_t i, type;
  if (session->stage++ == 0) {
    get(session, "/fields/person", step);
    return;
  }
  listed = parsed(answers[0]->body);
  if (!is_ok(answers[0]) || !json_is_array(listed)) {
    json_decref(listed);
    end_failed(session, answers[0], step);
    return;
  }
  fields = json_array();
  json_array_foreach(listed, i, each) {
    for (type = 0; type < sizeof types / sizeof *types; ++type)
      if (*text_of(each, "name") && strcmp(text_of(each, "type"), types[type]) == 0)
        json_array_append_new(fields, json_pack("{s:s, s:s, s:s, s:b, s:b, s:b}", "name", text_of(each, "name"), "label", text_of(each, "label"), "type", types[type],
                                                "creatable", json_is_true(json_object_get(each, "creatable")), "updatable",
                                                json_is_true(json_object_get(each, "updatable")), "required", json_is_true(json_object_get(each, "required"))));
  }
  json_decref(listed);
  end(session, json_pack("{s:[{s:s, s:s, s:o}]}", "objects", "name", "person", "title", "Person", "fields", fields), step);
}

static int reads_before_writing(const struct lead *lead) {
  const char *name;
  json_t *field;
  json_object_foreach(lead->fields, name, field) if (strcmp(text_of(field, "mode"), "if_empty") == 0) return 1;
  return 0;
}

static char *address_of(const char *email) {
  static const char digits[] = "0123456789ABCDEF";
  char *made = malloc(strlen("/people/") + 3 * strlen(email) + 1), *at = made;
  if (!made) abort();
  at += sprintf(at, "/people/");
  for (; *email; ++email) {
    const unsigned char c = (unsigned char)*email;
    *at++ = '%';
    *at++ = digits[c >> 4];
    *at++ = digits[c & 15];
  }
  *at = '\0';
  return made;
}

static void ask(leadsync_session *session, struct lead *lead, const char *method, const char *url, uint32_t effect) {
  leadsync_request *request = &lead->request;
  memset(request, 0, sizeof *request);
  request->struct_size = sizeof *request;
  request->method = str(method);
  request->url = str(url);
  request->phase = str("person");
  request->leads = &lead->ordinal;
  request->lead_count = 1;
  request->effect = effect;
  if (lead->body) {
    request->body = str(lead->body);
    request->headers = session->headers;
    request->header_count = 1;
  }
  session->asked[session->asked_count] = lead;
  session->requests[session->asked_count++] = request;
}

static void ask_what_is_there(leadsync_session *session) {
  size_t i;
  for (i = 0; i < session->lead_count; ++i) {
    struct lead *lead = &session->leads[i];
    if (lead->failed || !lead->email || !reads_before_writing(lead)) continue;
    lead->url = address_of(lead->email);
    ask(session, lead, "GET", lead->url, LEADSYNC_EFFECT_READ);
  }
}

/* The address is the CRM's own key, so sending it again changes nothing: a keyed write. */
static void write_people(leadsync_session *session) {
  size_t i;
  for (i = 0; i < session->lead_count; ++i) {
    struct lead *lead = &session->leads[i];
    json_t *body, *field;
    const char *name;
    if (lead->failed) continue;
    if (!lead->email || !*lead->email) {
      json_t *verdict = begin_verdict(lead, "failed");
      json_object_set_new(verdict, "category", json_string("NOT_ENOUGH_DATA"));
      json_object_set_new(verdict, "message", json_string("Toy CRM knows people by their e-mail address, and this lead has none"));
      json_array_append_new(session->verdicts, verdict);
      lead->failed = 1;
      continue;
    }
    body = json_object();
    json_object_foreach(lead->fields, name, field) {
      const int there = json_object_get(lead->known, name) && !json_is_null(json_object_get(lead->known, name));
      if (!(there && strcmp(text_of(field, "mode"), "if_empty") == 0)) json_object_set(body, name, json_object_get(field, "value"));
    }
    lead->body = json_dumps(body, JSON_COMPACT);
    json_decref(body);
    ask(session, lead, "POST", "/people", LEADSYNC_EFFECT_KEYED_WRITE);
  }
}

static void take_what_is_there(leadsync_session *session, const leadsync_response *const *answers, size_t count) {
  size_t i;
  for (i = 0; i < count; ++i) {
    if (is_ok(answers[i])) session->asked[i]->known = parsed(answers[i]->body);
    else if (!(answers[i]->transport == LEADSYNC_OK && answers[i]->status == 404)) fail_lead(session, session->asked[i], answers[i], session->sent + (uint32_t)i);
  }
}

static void take_what_was_written(leadsync_session *session, const leadsync_response *const *answers, size_t count) {
  size_t i;
  for (i = 0; i < count; ++i) {
    json_t *saved = parsed(answers[i]->body);
    const char *id = text_of(saved, "id");
    if (is_ok(answers[i]) && *id && strlen(id) <= 100) {
      json_t *verdict = begin_verdict(session->asked[i], "ok");
      json_object_set_new(verdict, "remote_id", json_string(id));
      json_object_set_new(verdict, "request", json_integer((json_int_t)(session->sent + i)));
      json_array_append_new(session->verdicts, verdict);
    } else {
      fail_lead(session, session->asked[i], answers[i], session->sent + (uint32_t)i);
    }
    json_decref(saved);
  }
}

static void sync_people(leadsync_session *session, const leadsync_response *const *answers, size_t count, leadsync_step *step) {
  if (session->stage == 1) take_what_is_there(session, answers, count);
  if (session->stage == 2) take_what_was_written(session, answers, count);
  session->sent += (uint32_t)count;
  session->asked_count = 0;
  if (session->stage == 0) ask_what_is_there(session);
  if (session->asked_count == 0 && session->stage < 2) {
    session->stage = 1;
    write_people(session);
  }
  ++session->stage;
  session->verdicts_text = json_dumps(session->verdicts, JSON_COMPACT);
  json_array_clear(session->verdicts);
  step->verdicts_json = str(session->verdicts_text);
  if (session->asked_count == 0) {
    end(session, json_object(), step);
    return;
  }
  step->kind = LEADSYNC_STEP_SEND;
  step->requests = session->requests;
  step->request_count = session->asked_count;
}

static void resume(leadsync_session *session, const leadsync_response *const *answers, size_t count, leadsync_step *step) {
  free(session->verdicts_text); /* what the step before pointed to */
  session->verdicts_text = NULL;
  if (strcmp(session->kind, "check") == 0) check(session, answers, step);
  else if (strcmp(session->kind, "describe") == 0) describe(session, answers, step);
  else if (strcmp(session->kind, "sync") == 0) sync_people(session, answers, count, step);
  else end(session, json_pack("{s:{s:s, s:s}}", "error", "category", "PLUGIN_FAULT", "message", "no such job"), step);
}

static void close_session(leadsync_session *session) {
  size_t i;
  for (i = 0; i < session->lead_count; ++i) {
    json_decref(session->leads[i].known);
    free(session->leads[i].url);
    free(session->leads[i].body);
  }
  free(session->leads);
  free(session->requests);
  free(session->asked);
  json_decref(session->verdicts);
  json_decref(session->job);
  free(session->verdicts_text);
  free(session->result_text);
  free(session);
}

LEADSYNC_EXPORT const leadsync_plugin *leadsync_plugin_entry(void) {
  static const leadsync_plugin plugin = {sizeof plugin, LEADSYNC_ABI_MAJOR, LEADSYNC_ABI_MINOR, {manifest, sizeof manifest - 1},
                                         &open_session, &resume, &close_session, NULL};
  json_object_seed(1); /* the library would ask the system for a random one; a plugin has no input of its own */
  return &plugin;
}
