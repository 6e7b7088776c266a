// The list of keys, as a native dialog: it takes the focus, Escape closes it, the page behind is inert.
export default function (component) {
  const { data, parentElement } = component
  document.documentElement.lang = data.lang
  const dialog = parentElement.querySelector('dialog')
  const open = parentElement.querySelector('.open')
  parentElement.querySelector('.open .label').textContent = data.labels.open
  parentElement.querySelector('h2').textContent = data.labels.title
  parentElement.querySelector('.close').textContent = data.labels.close
  const body = parentElement.querySelector('tbody')
  body.replaceChildren(
    ...data.rows.map(([keys, meaning]) => {
      const row = document.createElement('tr')
      const head = document.createElement('th')
      head.scope = 'row'
      head.append(
        ...keys.map(key => {
          const cap = document.createElement('kbd')
          cap.textContent = key
          return cap
        }),
      )
      const cell = document.createElement('td')
      cell.textContent = meaning
      row.append(head, cell)
      return row
    }),
  )
  open.hidden = !data.button
  open.onclick = () => dialog.showModal()
  parentElement.querySelector('.close').onclick = () => dialog.close()
  dialog.onclick = event => { if (event.target === dialog) dialog.close() }
  const onKey = event => {
    if (event.key !== '?' || event.ctrlKey || event.metaKey || event.altKey) return
    const target = event.composedPath()[0]
    if (target instanceof Element && target.closest('input, textarea, select, [contenteditable="true"]')) return
    event.preventDefault()
    if (dialog.open) dialog.close()
    else dialog.showModal()
  }
  const state = (parentElement.eeState ??= {})
  if (state.onKey) document.removeEventListener('keydown', state.onKey)
  state.onKey = onKey
  document.addEventListener('keydown', onKey)
  return () => document.removeEventListener('keydown', state.onKey)
}
