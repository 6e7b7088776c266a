// Saves the figure on the page as SVG or PNG in the size of a publication, in the browser alone.
// Plotly lays the figure out anew in that size; its own download is caught before it reaches the disk, set on
// white paper, given millimetres, and then saved.
const PNG_END = 33 // signature and IHDR of a PNG; pHYs belongs after them

export default function (component) {
  const { data, parentElement, setStateValue } = component
  const size = parentElement.querySelector('select')
  const status = parentElement.querySelector('.status')
  parentElement.querySelector('label span').textContent = data.labels.size
  if (size.options.length !== data.sizes.length) {
    size.replaceChildren(...data.sizes.map((one, place) => new Option(one.label, String(place))))
  }
  const chosen = () => data.sizes[Number(size.value) || 0]
  const say = text => { status.textContent = text }
  const run = async (work, button) => {
    button.disabled = true
    say(data.labels.busy)
    try {
      say(data.labels.done.replace('{file}', await work()))
    } catch (error) {
      console.error(error)
      say(data.labels.failed)
    } finally {
      button.disabled = false
    }
  }
  const svgButton = parentElement.querySelector('.svg')
  const pngButton = parentElement.querySelector('.png')
  svgButton.textContent = data.labels.svg
  pngButton.textContent = data.labels.png
  svgButton.onclick = () =>
    run(async () => save(parentElement, new Blob([await draw(data, chosen())], { type: 'image/svg+xml' }), `${data.filename}.svg`), svgButton)
  pngButton.onclick = () =>
    run(async () => save(parentElement, await raster(await draw(data, chosen(), true), chosen()), `${data.filename}.png`), pngButton)

  const state = (parentElement.eeState ??= {})
  if (state.token !== data.token) {
    state.token = data.token
    draw(data, data.sizes[data.sizes.length > 1 ? 1 : 0])
      .then(svg => { if (state.token === data.token) setStateValue('svg', { token: data.token, text: svg }) })
      .catch(error => { console.error(error); setStateValue('svg', { token: data.token, text: '' }) })
  }
}

async function draw(data, size, fonts = false) {
  const chart = document.querySelector(`.st-key-${CSS.escape(data.figure)} .js-plotly-plot`)
  if (!chart) throw new Error(`no figure ${data.figure}`)
  const text = await laidOut(chart, size.width, size.height)
  const svg = new DOMParser().parseFromString(onWhite(text, data.colors), 'image/svg+xml').documentElement
  svg.setAttribute('viewBox', `0 0 ${size.width} ${size.height}`)
  svg.setAttribute('width', size.mm ? `${size.mm}mm` : `${size.pixels}px`)
  svg.setAttribute('height', size.mm ? `${(size.mm * size.height) / size.width}mm` : `${(size.pixels * size.height) / size.width}px`)
  svg.setAttribute('role', 'img')
  const make = (name, words) => {
    const node = document.createElementNS('http://www.w3.org/2000/svg', name)
    node.textContent = words
    return node
  }
  svg.prepend(make('title', data.title), make('desc', data.sentence))
  if (fonts) svg.prepend(make('style', await fontFaces(chart)))
  return new XMLSerializer().serializeToString(svg)
}

// Plotly's image export, with its download caught on the way out.
async function laidOut(chart, width, height) {
  const button = chart._fullLayout?._modeBar?.buttons?.flat().find(one => one.name === 'toImage')
  if (!button) throw new Error('the figure has no image export')
  const options = chart._context.toImageButtonOptions
  const createObjectURL = URL.createObjectURL
  const quiet = document.createElement('style')
  quiet.textContent = '.plotly-notifier { display: none }'
  document.head.append(quiet)
  let stop = () => {}
  try {
    return await new Promise((resolve, reject) => {
      let blob
      URL.createObjectURL = object => {
        if (object instanceof Blob && object.type.startsWith('image/svg')) blob = object
        return createObjectURL.call(URL, object)
      }
      const onClick = event => {
        if (!blob || !(event.target instanceof HTMLAnchorElement) || !event.target.href.startsWith('blob:')) return
        event.preventDefault()
        event.stopPropagation()
        blob.text().then(resolve, reject)
      }
      document.addEventListener('click', onClick, true)
      const timer = setTimeout(() => reject(new Error('the image export took too long')), 30000)
      stop = () => { clearTimeout(timer); document.removeEventListener('click', onClick, true) }
      chart._context.toImageButtonOptions = { format: 'svg', width, height, scale: 1, filename: 'figure' }
      button.click(chart)
    })
  } finally {
    stop()
    URL.createObjectURL = createObjectURL
    chart._context.toImageButtonOptions = options
    setTimeout(() => quiet.remove(), 6000)
  }
}

// Print is on white: the colours of the dark theme become their light twins.
function onWhite(text, colors) {
  return text.replace(/rgb\((\d+), ?(\d+), ?(\d+)\)/g, (all, r, g, b) => colors[`${r},${g},${b}`] ?? all)
}

// An SVG drawn to a canvas sees no font of the page; the one that the figure uses goes in with it.
async function fontFaces(chart) {
  const family = (chart._fullLayout?.font?.family ?? '').split(',')[0].replace(/["']/g, '').trim()
  const rules = []
  for (const sheet of document.styleSheets) {
    let list
    try { list = sheet.cssRules } catch { continue }
    for (const rule of list) {
      if (!(rule instanceof CSSFontFaceRule)) continue
      if (rule.style.getPropertyValue('font-family').replace(/["']/g, '') !== family) continue
      if (rule.style.getPropertyValue('font-style') === 'italic') continue
      const address = rule.style.getPropertyValue('src').match(/url\(["']?([^"')]+)/)?.[1]
      if (!address) continue
      try {
        const bytes = await (await fetch(new URL(address, sheet.href ?? document.baseURI))).blob()
        const inline = await new Promise((resolve, reject) => {
          const reader = new FileReader()
          reader.onload = () => resolve(reader.result)
          reader.onerror = reject
          reader.readAsDataURL(bytes)
        })
        rules.push(`@font-face{font-family:"${family}";font-weight:${rule.style.getPropertyValue('font-weight') || 'normal'};src:url(${inline})}`)
      } catch (error) {
        console.warn('font not embedded', error)
      }
    }
  }
  return rules.join('\n')
}

async function raster(svg, size) {
  const width = size.mm ? Math.round((size.mm / 25.4) * size.dpi) : size.pixels
  const height = Math.round((width * size.height) / size.width)
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }))
  try {
    const image = new Image()
    image.src = address
    await image.decode()
    const canvas = Object.assign(document.createElement('canvas'), { width, height })
    const paper = canvas.getContext('2d')
    paper.fillStyle = '#ffffff'
    paper.fillRect(0, 0, width, height)
    paper.drawImage(image, 0, 0, width, height)
    const blob = await new Promise(resolve => canvas.toBlob(resolve, 'image/png'))
    return size.mm ? withResolution(blob, size.dpi) : blob
  } finally {
    URL.revokeObjectURL(address)
  }
}

// The pHYs chunk tells a typesetter how many pixels make a metre.
async function withResolution(blob, dpi) {
  const bytes = new Uint8Array(await blob.arrayBuffer())
  const chunk = new Uint8Array(21)
  const view = new DataView(chunk.buffer)
  view.setUint32(0, 9)
  chunk.set([0x70, 0x48, 0x59, 0x73], 4)
  view.setUint32(8, Math.round(dpi / 0.0254))
  view.setUint32(12, Math.round(dpi / 0.0254))
  chunk[16] = 1
  view.setUint32(17, crc(chunk.subarray(4, 17)))
  return new Blob([bytes.subarray(0, PNG_END), chunk, bytes.subarray(PNG_END)], { type: 'image/png' })
}

function crc(bytes) {
  let value = 0xffffffff
  for (const byte of bytes) {
    value ^= byte
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0)
  }
  return (value ^ 0xffffffff) >>> 0
}

// The link is clicked inside the component: a click elsewhere would close the menu that it stands in.
function save(parent, blob, name) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  parent.append(link)
  link.click()
  link.remove()
  setTimeout(() => URL.revokeObjectURL(link.href), 10000)
  return name
}
