/* SPDX-License-Identifier: Apache-2.0
 *
 * The contract between leadsyncd and a plugin, in C99. A plugin performs no I/O: the daemon opens a session for a job and resumes
 * it; the plugin answers each time with a step: requests to send, a time to wait, or the end. So a plugin never sees a token, cannot
 * exceed a limit, and nothing leaves that is not recorded.
 *
 * What is inside the JSON texts (manifest, job, verdicts, result) is written down in protocol.md.
 *
 * Rules that hold everywhere
 *  - Every struct begins with `struct_size`, set by whoever made it. Members behind it may be missing: compare before you read.
 *  - Texts are UTF-8, counted, not terminated. Arrays are arrays of pointers, so that structs can grow.
 *  - Nothing may be thrown through these functions.
 *  - Released members never change; what is new is appended, or is an extension asked for by id.
 */
#ifndef LEADSYNC_PLUGIN_H
#define LEADSYNC_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define LEADSYNC_ABI_MAJOR 1
#define LEADSYNC_ABI_MINOR 0

#if defined(__GNUC__)
#define LEADSYNC_EXPORT __attribute__((visibility("default")))
#else
#define LEADSYNC_EXPORT
#endif

typedef struct leadsync_str {
  const char *data; /* may be NULL where size is 0 */
  size_t size;      /* bytes */
} leadsync_str;

typedef struct leadsync_header {
  uint32_t struct_size;
  leadsync_str name; /* responses: lower case */
  leadsync_str value;
} leadsync_header;

/* What repeating a request would do. Decides what the daemon commits before it sends, and what it does after a crash. */
enum leadsync_effect {
  LEADSYNC_EFFECT_READ = 0,
  LEADSYNC_EFFECT_KEYED_WRITE = 1, /* the CRM ends up the same however often it arrives */
  LEADSYNC_EFFECT_BLIND_WRITE = 2  /* twice makes two records */
};

typedef struct leadsync_cost {
  uint32_t struct_size;
  leadsync_str limit; /* id of one of the manifest's limits */
  uint32_t amount;
} leadsync_cost;

typedef struct leadsync_request {
  uint32_t struct_size;
  leadsync_str method; /* upper case */
  leadsync_str url;    /* "/path?query" relative to the job's api_base, or absolute on a host of the manifest */
  const leadsync_header *const *headers; /* authorization and user agent are the daemon's */
  size_t header_count;
  leadsync_str body;
  leadsync_str phase;    /* for the log: which phase this belongs to; empty for none */
  const uint32_t *leads; /* ordinals within the job of the leads it concerns */
  size_t lead_count;
  uint32_t effect;                  /* enum leadsync_effect */
  const leadsync_cost *const *costs; /* none: 1 of every limit whose manifest entry says "default": true */
  size_t cost_count;
  uint32_t deadline_ms;        /* from the first byte sent; 0: the manifest's */
  uint64_t max_response_bytes; /* 0: the manifest's; a longer body is answered as LEADSYNC_TOO_LARGE, without body */
} leadsync_request;

enum leadsync_transport {
  LEADSYNC_OK = 0,             /* status, headers and body are the CRM's */
  LEADSYNC_NOT_SENT = 1,       /* no byte reached the CRM: DNS, connect, TLS, or the daemon is stopping */
  LEADSYNC_SENT_NO_ANSWER = 2, /* it may have been carried out */
  LEADSYNC_TRUNCATED = 3,      /* status and headers arrived, the body broke off */
  LEADSYNC_TOO_LARGE = 4,
  LEADSYNC_REFUSED_HOST = 5 /* not a host of the manifest; nothing was sent */
};

typedef struct leadsync_response {
  uint32_t struct_size;
  uint32_t transport; /* enum leadsync_transport */
  uint32_t status;    /* HTTP status; 0 where there is none */
  const leadsync_header *const *headers;
  size_t header_count;
  leadsync_str body;
  leadsync_str transport_error; /* one line, for the log: "TLS handshake: certificate has expired" */
  int64_t sent_at_ms;           /* UTC, milliseconds since 1970; 0: never sent */
  int64_t received_at_ms;
} leadsync_response;

enum leadsync_step_kind {
  LEADSYNC_STEP_SEND = 0, /* resumed once, with all answers in request order */
  LEADSYNC_STEP_WAIT = 1, /* resumed with no answers, wait_ms later */
  LEADSYNC_STEP_DONE = 2  /* close comes next */
};

/* Filled by the plugin; the daemon zeroes it and sets struct_size. What it points to lives until the next call on the session. */
typedef struct leadsync_step {
  uint32_t struct_size;
  uint32_t kind; /* enum leadsync_step_kind */
  const leadsync_request *const *requests;
  size_t request_count;
  uint64_t wait_ms;
  leadsync_str verdicts_json; /* verdicts reached by now, an array; may be empty; each verdict is given once */
  leadsync_str checkpoint;    /* opaque, at most 64 KiB; durable before the daemon goes on; empty: unchanged */
  leadsync_str result_json;   /* DONE: the job's result; {"error": {...}} where the job failed as a whole */
} leadsync_step;

typedef struct leadsync_host {
  uint32_t struct_size;
  uint32_t abi_major, abi_minor;
  void (*log)(uint32_t severity, leadsync_str text); /* [any-thread] severity: 0 debug, 1 info, 2 warning, 3 error */
  const void *(*get_extension)(const char *id);      /* [any-thread] NULL where unknown */
} leadsync_host;

/* Defined by the plugin. */
typedef struct leadsync_session leadsync_session;

typedef struct leadsync_plugin {
  uint32_t struct_size;
  uint32_t abi_major, abi_minor;
  leadsync_str manifest_json; /* constant */

  /* [any-thread] Never NULL: what is wrong with the job is the result of a DONE step. `host` outlives the session, `job_json` does not. */
  leadsync_session *(*open)(const leadsync_host *host, leadsync_str job_json);

  /* [session-thread] Calls on one session never overlap and may come from different threads. The first has no responses. What
   * `responses` points to lives until it returns. Should take milliseconds; a session that takes 5 s is abandoned. */
  void (*resume)(leadsync_session *session, const leadsync_response *const *responses, size_t response_count, leadsync_step *step);

  /* [session-thread] After any step, also where its answers never came. */
  void (*close)(leadsync_session *session);

  const void *(*get_extension)(const char *id); /* [any-thread] may be NULL */
} leadsync_plugin;

/* The only exported symbol. [any-thread] Returns the same constant each time. */
LEADSYNC_EXPORT const leadsync_plugin *leadsync_plugin_entry(void);

#ifdef __cplusplus
}
#endif

#endif
