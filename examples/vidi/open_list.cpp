#include "open_list.hpp"

#include "command.hpp"
#include "csv_list.hpp"
#include "directory_list.hpp"
#include "line_list.hpp"
#include "part_of_list.hpp"
#include "printable.hpp"

#include <filesystem>
#include <random>
#include <utility>

namespace vidi_tool {
namespace {

std::unique_ptr<image_list>
open_all(boost::asio::any_io_executor executor, std::string const& name, std::string const& column)
{
    std::error_code ignored;
    if (std::filesystem::is_directory(name, ignored)) {
        if (!column.empty())
            throw usage_error(one_line(name) + " is a directory, which has no columns");
        return std::make_unique<directory_list>(std::move(executor), name);
    }
    if (!column.empty() || name.ends_with(".csv"))
        return std::make_unique<csv_list>(
            std::move(executor), name, column.empty() ? "image" : column);
    return std::make_unique<line_list>(std::move(executor), name);
}

} // namespace

std::unique_ptr<image_list>
open_list(boost::asio::any_io_executor executor, list_options const& options)
{
    auto list = open_all(std::move(executor), options.name, options.column);
    if (options.limit != 0)
        list = std::make_unique<first_of_list>(std::move(list), options.limit);
    if (options.sample != 0) {
        // The same again for the same list: a sample that was interrupted is gone on with.
        std::seed_seq seed(options.name.begin(), options.name.end());
        list = std::make_unique<sample_of_list>(
            std::move(list), options.sample, std::mt19937_64{seed});
    }
    return list;
}

} // namespace vidi_tool
