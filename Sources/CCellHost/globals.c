// Where a cell's globals are, by name: from the symbols of its library.

#define _GNU_SOURCE
#include "host.h"

#include <dlfcn.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>

typedef char *demangler(const char *name, size_t length, char *buffer, size_t *size, uint32_t flags);

/// An address in a dynamic section: glibc adds the base to most, but not on every architecture.
static const void *located(const struct link_map *map, ElfW(Addr) address) {
  return (const void *)(address < map->l_addr ? map->l_addr + address : address);
}

void *address_of_global(const char *path, const char *name) {
  void *const library = dlopen(path, RTLD_NOW | RTLD_NOLOAD);
  demangler *const demangle = (demangler *)dlsym(RTLD_DEFAULT, "swift_demangle");
  struct link_map *map;
  if (!library || !demangle || dlinfo(library, RTLD_DI_LINKMAP, &map) != 0) return NULL;
  const ElfW(Sym) *symbols = NULL;
  const char *names = NULL;
  const ElfW(Word) *table = NULL;  // of DT_HASH: the number of buckets, and that of symbols
  for (const ElfW(Dyn) *part = map->l_ld; part->d_tag != DT_NULL; part++) {
    if (part->d_tag == DT_SYMTAB) symbols = located(map, part->d_un.d_ptr);
    if (part->d_tag == DT_STRTAB) names = located(map, part->d_un.d_ptr);
    if (part->d_tag == DT_HASH) table = located(map, part->d_un.d_ptr);
  }
  if (!symbols || !names || !table) return NULL;
  const size_t length = strlen(name);
  for (ElfW(Word) i = 0; i < table[1]; i++) {
    const char *const symbol = names + symbols[i].st_name;
    const size_t n = strlen(symbol);
    // A variable's symbol ends in `vp`.
    if (!symbols[i].st_value || n < 4 || strncmp(symbol, "$s", 2) != 0 || strcmp(symbol + n - 2, "vp") != 0) continue;
    char *const text = demangle(symbol, n, NULL, NULL, 0);
    const bool found = text && strncmp(text, name, length) == 0 && strncmp(text + length, " : ", 3) == 0;
    free(text);
    if (found) return (void *)(map->l_addr + symbols[i].st_value);
  }
  return NULL;
}
