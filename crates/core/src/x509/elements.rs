use der::{asn1::AnyRef, Decode, Reader, SliceReader, Tag, TagNumber};

/// The elements of a DER encoding, one after another. The iteration ends where the encoding is damaged.
#[derive(Clone)]
pub(crate) struct Elements<'a>(SliceReader<'a>);

impl<'a> Elements<'a> {
    /// The elements in these bytes.
    pub(crate) fn new(content: &'a [u8]) -> Option<Self> {
        SliceReader::new(content).ok().map(Self)
    }

    /// The elements within the one element that these bytes are.
    pub(crate) fn of(der: &'a [u8], tag: Tag) -> Option<Self> {
        let mut outer = Self::new(der)?;
        let inner = outer.within(tag)?;
        outer.is_finished().then_some(inner)
    }

    /// Returns the elements within the next one.
    pub(crate) fn within(&mut self, tag: Tag) -> Option<Self> {
        Self::new(self.content(tag)?)
    }

    /// Returns the content of the next element.
    pub(crate) fn content(&mut self, tag: Tag) -> Option<&'a [u8]> {
        self.next().filter(|element| element.header().tag() == tag).map(AnyRef::value)
    }

    /// Returns the content of the next element if it has this tag; otherwise that element stays the next one.
    pub(crate) fn optional(&mut self, tag: Tag) -> Option<&'a [u8]> {
        let mut ahead = self.clone();
        let content = ahead.content(tag)?;
        *self = ahead;
        Some(content)
    }

    /// Returns everything that is not yet read.
    pub(crate) fn rest(&mut self) -> Option<&'a [u8]> {
        self.0.read_slice(self.0.remaining_len()).ok()
    }

    pub(crate) fn is_finished(&self) -> bool {
        self.0.is_finished()
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = AnyRef<'a>;

    fn next(&mut self) -> Option<AnyRef<'a>> {
        AnyRef::decode(&mut self.0).ok()
    }
}

/// Returns the tag of an element that is identified by a number.
pub(crate) fn context(number: u32, constructed: bool) -> Tag {
    Tag::ContextSpecific { constructed, number: TagNumber(number) }
}
