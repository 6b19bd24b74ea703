// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Tests a plugin by transcript, in process, through the C contract: no network, no clock, no test framework.
///
///   testkit::session talk(testkit::load("build/lib/leadsync/plugins/toy.so"), job_json);
///   const auto request = talk.expect("POST", "/people");   // throws testkit::mismatch, which says what came instead
///   talk.answer(testkit::json(201, R"({"id": "7"})"));
///   talk.expect_done();                                     // then talk.verdicts_json(), talk.result_json()

#include "leadsync/testkit/message.hpp"
#include "leadsync/testkit/session.hpp"
