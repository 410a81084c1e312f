// Reads any image that ITK reads, runs a workflow on it and writes the mask, in the image's own geometry:
//
//   voxhost-segment 127.0.0.1:50151 brain_extraction_deepbet head.nii.gz mask.nii.gz
#include <itkImageFileReader.h>
#include <itkImageFileWriter.h>
#include <itkImageIOFactory.h>

#include <cstdio>

#include "voxhost/itk.h"
#include "voxhost/voxhost.h"

namespace {

void show(const voxhost::Event& event) {
  if (const auto* progress = std::get_if<voxhost::Progress>(&event.what)) {
    std::printf("%3.0f %% %s\n", 100 * progress->fraction, progress->stage.c_str());
  }
}

/// Runs the workflow on an image of one pixel type; ITK throws what it cannot read or write.
template <class Pixel>
voxhost::Result<voxhost::Run> segment(const voxhost::Host& host, const char* workflow, const char* in, const char* out) {
  const auto image = itk::ReadImage<itk::Image<Pixel, 3>>(in);
  voxhost::RunOptions options;
  options.on_event = show;
  const auto run = host.run(workflow, {{"image", voxhost::view_of(*image)}}, options);
  if (!run) return run;
  const auto voxels = host.download(run->output()->volume.name);
  if (!voxels) return voxels.error();
  const auto mask = voxhost::itk_image_of<std::uint8_t>(*voxels);
  if (!mask) return mask.error();
  itk::WriteImage(mask->GetPointer(), out, true);
  return run;
}

voxhost::Result<voxhost::Run> segment_any(const voxhost::Host& host, const char* workflow, const char* in, const char* out) {
  const auto io = itk::ImageIOFactory::CreateImageIO(in, itk::ImageIOFactory::IOFileModeEnum::ReadMode);
  if (!io) return voxhost::Error{voxhost::Code::invalid_argument, "INVALID_FIELD", std::string(in) + " is no image that ITK reads.", {}};
  io->SetFileName(in);
  io->ReadImageInformation();
  switch (io->GetComponentType()) {
    case itk::IOComponentEnum::UCHAR:
      return segment<std::uint8_t>(host, workflow, in, out);
    case itk::IOComponentEnum::SHORT:
      return segment<std::int16_t>(host, workflow, in, out);
    case itk::IOComponentEnum::USHORT:
      return segment<std::uint16_t>(host, workflow, in, out);
    default:
      return segment<float>(host, workflow, in, out);  // ITK converts the others.
  }
}

}  // namespace

int main(int count, char** words) {
  if (count != 5) {
    std::fprintf(stderr, "Usage: %s HOST:PORT WORKFLOW IN OUT\n", words[0]);
    return 2;
  }
  const auto host = voxhost::Host::connect(words[1]);
  if (!host) {
    std::fprintf(stderr, "%s\n", host.error().message.c_str());
    return 1;
  }
  try {
    const auto run = segment_any(*host, words[2], words[3], words[4]);
    if (run) {
      for (const auto& found : run->output()->segments) std::printf("%s: %.1f mL\n", found.name.c_str(), *found.volume_ml);
      return 0;
    }
    std::fprintf(stderr, "%s\n", run.error().message.c_str());
  } catch (const itk::ExceptionObject& error) {
    std::fprintf(stderr, "%s\n", error.GetDescription());
  }
  return 1;
}
