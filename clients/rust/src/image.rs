//! Voxels and the header that says what they are.

use bytes::Bytes;

use crate::v1::{ComponentType, VolumeHeader};
use crate::{Error, Result};

/// A volume in this program's memory. A clone shares the voxels.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    /// Sizes, component type and geometry (index to millimetres in LPS).
    pub header: VolumeHeader,
    /// As they lie in memory: first axis fastest, components side by side, little-endian.
    pub voxels: Bytes,
}

impl Image {
    /// Takes voxels (a `Vec<u8>` or `Bytes`) without copying them.
    pub fn new(header: VolumeHeader, voxels: impl Into<Bytes>) -> Self {
        Self { header, voxels: voxels.into() }
    }

    /// Errors: INVALID_FIELD when there are not as many voxels as the header says.
    pub(crate) fn check(&self) -> Result<()> {
        match size_bytes(&self.header) {
            Some(promised) if promised == self.voxels.len() as u64 => Ok(()),
            Some(promised) => {
                let expected = format!("{promised} bytes, as the header says");
                Err(Error::invalid("voxels", format!("{} bytes", self.voxels.len()), expected))
            }
            None => {
                let came = format!("sizes {:?}, component type {}", self.header.sizes, self.header.component_type);
                Err(Error::invalid("header", came, "positive sizes and a component type"))
            }
        }
    }
}

/// The bytes that a header promises; `None` where it has no component type, or a size that is negative or too large.
pub fn size_bytes(header: &VolumeHeader) -> Option<u64> {
    let width: u64 = match header.component_type() {
        ComponentType::Unspecified => return None,
        ComponentType::Uint8 | ComponentType::Int8 => 1,
        ComponentType::Uint16 | ComponentType::Int16 => 2,
        ComponentType::Uint32 | ComponentType::Int32 | ComponentType::Float32 => 4,
        ComponentType::Uint64 | ComponentType::Int64 | ComponentType::Float64 => 8,
    };
    let components = u64::try_from(header.components).ok()?.max(1);
    let mut sizes = header.sizes.iter().map(|&size| u64::try_from(size).ok());
    sizes.try_fold(width.checked_mul(components)?, |bytes, size| bytes.checked_mul(size?))
}

#[cfg(test)]
mod tests {
    use super::size_bytes;
    use crate::v1::{ComponentType, VolumeHeader};

    fn header(sizes: &[i64], component_type: ComponentType, components: i32) -> VolumeHeader {
        VolumeHeader { sizes: sizes.to_vec(), component_type: component_type.into(), components, ..Default::default() }
    }

    #[test]
    fn bytes_are_sizes_times_components_times_their_width() {
        assert_eq!(size_bytes(&header(&[2, 3, 4], ComponentType::Int16, 1)), Some(48));
        assert_eq!(size_bytes(&header(&[2, 3], ComponentType::Float64, 3)), Some(144));
        assert_eq!(size_bytes(&header(&[2, 3], ComponentType::Uint8, 0)), Some(6), "0 components are 1");
    }

    #[test]
    fn a_header_that_promises_nothing_countable_promises_nothing() {
        assert_eq!(size_bytes(&header(&[2, 3], ComponentType::Unspecified, 1)), None);
        assert_eq!(size_bytes(&header(&[-2, 3], ComponentType::Uint8, 1)), None);
        assert_eq!(size_bytes(&header(&[i64::MAX, 3], ComponentType::Uint8, 1)), None);
    }
}
