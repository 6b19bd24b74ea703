#include "plugin_v1_0.h"

extern const size_t layout_v1_0[];
extern const size_t layout_v1_0_count;
#define LAYOUT_NAME layout_v1_0
#define LAYOUT_COUNT layout_v1_0_count
#include "layout.inc"
