#include "shared_library.h"

#include <elf.h>

#include <cstring>
#include <fstream>
#include <stdexcept>

namespace leadsync::kit {
namespace {

/// Bounds-checked access to the file's bytes.
class image {
 public:
  explicit image(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary | std::ios::ate);
    bytes_.resize(in.is_open() ? std::size_t(in.tellg()) : 0);
    if (!in.is_open() || !in.seekg(0).read(bytes_.data(), std::streamsize(bytes_.size()))) throw std::runtime_error("cannot be read");
  }
  template <class T>
  [[nodiscard]] T at(std::uint64_t offset) const {
    if (offset > bytes_.size() || bytes_.size() - offset < sizeof(T)) throw std::runtime_error("is not a whole shared library");
    T made;
    std::memcpy(&made, bytes_.data() + offset, sizeof made);
    return made;
  }
  [[nodiscard]] std::string text(std::uint64_t offset) const {
    if (offset >= bytes_.size()) throw std::runtime_error("is not a whole shared library");
    return std::string(bytes_.c_str() + offset);
  }

 private:
  std::string bytes_;
};

}  // namespace

shared_library read_shared_library(const std::filesystem::path& path) {
  const image file(path);
  const auto header = file.at<Elf64_Ehdr>(0);
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_type != ET_DYN)
    throw std::runtime_error("is not a 64-bit shared library");
  shared_library made;
  for (unsigned i = 0; i < header.e_shnum; ++i) {
    const auto section = file.at<Elf64_Shdr>(header.e_shoff + std::uint64_t(i) * header.e_shentsize);
    if (section.sh_type == SHT_DYNSYM) {
      const auto names = file.at<Elf64_Shdr>(header.e_shoff + std::uint64_t(section.sh_link) * header.e_shentsize);
      for (std::uint64_t at = 0; at + sizeof(Elf64_Sym) <= section.sh_size; at += sizeof(Elf64_Sym)) {
        const auto symbol = file.at<Elf64_Sym>(section.sh_offset + at);
        const auto visibility = ELF64_ST_VISIBILITY(symbol.st_other);
        const bool defined = symbol.st_shndx != SHN_UNDEF && symbol.st_shndx != SHN_ABS && ELF64_ST_BIND(symbol.st_info) != STB_LOCAL;
        if (defined && visibility != STV_HIDDEN && visibility != STV_INTERNAL) made.exported.push_back(file.text(names.sh_offset + symbol.st_name));
      }
    } else if (section.sh_type == SHT_DYNAMIC) {
      for (std::uint64_t at = 0; at + sizeof(Elf64_Dyn) <= section.sh_size; at += sizeof(Elf64_Dyn)) {
        const auto entry = file.at<Elf64_Dyn>(section.sh_offset + at);
        if (entry.d_tag == DT_FLAGS_1 && (entry.d_un.d_val & DF_1_NODELETE)) made.never_unloaded = true;
      }
    }
  }
  return made;
}

}  // namespace leadsync::kit
