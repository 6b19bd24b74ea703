#pragma once

#include <string_view>
#include <vector>

namespace leadsync::client {

struct template_file {
  std::string_view path;  ///< within the project
  std::string_view text;
};

/// The files of sdk/template, embedded when this program was built.
[[nodiscard]] const std::vector<template_file>& plugin_template();

}  // namespace leadsync::client
