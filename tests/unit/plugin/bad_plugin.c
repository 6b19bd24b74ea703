/* Wrong in one way, which the build chooses. */
#include <leadsync/plugin.h>

#ifdef BAD_NO_SYMBOL
LEADSYNC_EXPORT int some_other_library(void);
int some_other_library(void) { return 1; }
#else

static leadsync_session *open_session(const leadsync_host *host, leadsync_str job) {
  (void)host;
  (void)job;
  return (leadsync_session *)0;
}
static void resume(leadsync_session *session, const leadsync_response *const *responses, size_t count, leadsync_step *step) {
  (void)session;
  (void)responses;
  (void)count;
  step->kind = LEADSYNC_STEP_DONE;
}
static void close_session(leadsync_session *session) { (void)session; }

static const char manifest[] = "{\"protocol\": 1, \"name\": \"Not A Name\"}";

static leadsync_plugin plugin = {sizeof(leadsync_plugin), LEADSYNC_ABI_MAJOR, LEADSYNC_ABI_MINOR, {manifest, sizeof manifest - 1},
                                 open_session,            resume,             close_session,      0};

const leadsync_plugin *leadsync_plugin_entry(void) {
#if defined(BAD_ABI)
  plugin.abi_major = 2;
#elif defined(BAD_SIZE)
  plugin.struct_size = 24;
#elif defined(BAD_ENTRY)
  return 0;
#elif defined(BAD_FUNCTIONS)
  plugin.resume = 0;
#endif
  return &plugin;
}
#endif
