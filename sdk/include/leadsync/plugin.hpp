// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Writing a plugin in C++20: a coroutine from the job to its result, which awaits the CRM's answers. Standard library only; bring the
/// JSON library that you like. sdk/README.md begins with a whole plugin; protocol.md says what is inside the JSON texts.

#include "leadsync/sdk/answer.hpp"
#include "leadsync/sdk/entry.hpp"
#include "leadsync/sdk/http.hpp"
#include "leadsync/sdk/request.hpp"
#include "leadsync/sdk/task.hpp"
#include "leadsync/sdk/text.hpp"
