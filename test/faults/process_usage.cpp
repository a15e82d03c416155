#include "faults/process_usage.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace vidi_soak {

process_usage measure_process()
{
    std::ifstream file{"/proc/self/statm"};
    std::size_t total = 0;
    std::size_t resident = 0;
    if (!(file >> total >> resident))
        throw std::runtime_error("cannot read /proc/self/statm");
    file.close();
    std::filesystem::directory_iterator const descriptors{"/proc/self/fd"};
    return {
        .memory = resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)),
        .descriptors =
            static_cast<std::size_t>(std::distance(begin(descriptors), end(descriptors)))};
}

} // namespace vidi_soak
