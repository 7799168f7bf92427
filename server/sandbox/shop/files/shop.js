// The shop works without this: it shows the total while one chooses, and goes on to the payment page by itself.
const payment = document.getElementById("payment");
if (payment) payment.requestSubmit();

const basket = document.getElementById("basket");
if (basket) {
  const total = document.getElementById("total");
  const refresh = async () => {
    const answer = await fetch("/shop/total?" + new URLSearchParams(new FormData(basket)));
    total.querySelector("strong").textContent = await answer.text();
    total.hidden = false;
  };
  basket.addEventListener("change", refresh);
  refresh();
}
