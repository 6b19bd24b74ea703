#pragma once

namespace leadsync::faulty_disk {

/// Stands between SQLite and the disk for every file opened after this.
void install();

/// The `nth` write (or sync) from now gives `code`, and `times` - 1 after it.
void fail_writes(int nth, int code, int times);
void fail_syncs(int nth, int code);
void heal();

}  // namespace leadsync::faulty_disk
