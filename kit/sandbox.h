#pragma once

namespace leadsync::kit {

/// From now on this process (a child of the kit's) ends with a finding when it opens a file or a socket, or starts a program.
void forbid_input_and_output();

}  // namespace leadsync::kit
