#include "CSystem.h"

#include <elf.h>
#include <sys/auxv.h>

static int argument_count;
static char **argument_values;

// The C library hands every constructor what it hands to main.
__attribute__((constructor)) static void keep_arguments(int count, char **values) {
  argument_count = count;
  argument_values = values;
}

int cs_argument_count(void) { return argument_values ? argument_count : 0; }

const char *cs_argument(int index) { return argument_values[index]; }

const char *cs_program_path(void) { return (const char *)getauxval(AT_EXECFN); }
