#include "base/platform.h"
#include "cli/cli.h"

int main(int argc, char **argv)
{
    argv = os_arguments(&argc, argv);
    return cli_main(argc, (const char *const *)argv);
}
