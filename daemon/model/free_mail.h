#pragma once

#include <string_view>

namespace leadsync {

/// Whether a mail domain, in lower case, belongs to a provider of private mailboxes and so says nothing about a company.
[[nodiscard]] bool is_free_mail(std::string_view domain);

}  // namespace leadsync
