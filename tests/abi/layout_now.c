#include "sdk/include/leadsync/plugin.h"

extern const size_t layout_now[];
extern const size_t layout_now_count;
#define LAYOUT_NAME layout_now
#define LAYOUT_COUNT layout_now_count
#include "layout.inc"
